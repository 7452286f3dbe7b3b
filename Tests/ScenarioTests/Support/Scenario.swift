import MixCore
import NetworkSimulation
import Transport

/// What one client sends over which network, and what happens meanwhile. Times count from the start of the session; the
/// media start once it is connected.
struct Scenario {
  /// Something that happens at an instant.
  struct Event {
    var time: MediaTime
    var act: (inout ScenarioRun) -> Void
  }

  var seed: UInt64 = 1
  var duration = MediaTime.seconds(20)
  var up = NetworkConditions.usual
  var down = NetworkConditions.usual
  var events: [Event] = []
  var voice: VoiceSettings? = VoiceSettings()
  var camera: CameraSettings? = CameraSettings()
  /// When the client joins a programme that runs for its host; `nil` makes the client the host.
  var joins: MediaTime?
  var clientClock = PeerClock(offset: .seconds(1_234))
  /// The client's session estimates what the network carries, and its encoder follows. Else nothing is negotiated for
  /// that and it sends whatever comes, so that only the receiving side is put to the test.
  var adapts = false
  /// Sends the client's sound and pictures in another way than through its session.
  var sendSound: ((inout ScenarioRun, PacketizedFrame) -> Void)?
  var sendPicture: ((inout ScenarioRun, PacketizedFrame) -> Void)?
  /// Whether a datagram of the client may leave it; may change it.
  var uplinkFilter: ((inout [UInt8]) -> Bool)?
  /// Lines of the offer with any of these words are left out. Browsers tell no capture times beside their sender reports.
  var unwantedWords: [String] {
    ["abs-capture-time"] + (adapts ? [] : ["transport-cc", "transport-wide-cc", "goog-remb"])
  }
  /// Frames per second of the programme.
  var frameRate = 30

  /// Adds a change of both directions of the network, or of the client's direction only.
  mutating func at(_ seconds: Double, up: NetworkConditions? = nil, down: NetworkConditions? = nil) {
    at(seconds) { run in
      if let up { run.link.uplink.conditions = up }
      if let down { run.link.downlink.conditions = down }
    }
  }

  mutating func at(_ seconds: Double, _ act: @escaping (inout ScenarioRun) -> Void) {
    events.append(Event(time: MediaTime(seconds: seconds), act: act))
  }

  func run() throws -> ScenarioReport {
    var run = try ScenarioRun(self)
    run.run()
    return run.report()
  }
}

extension NetworkConditions {
  /// Half of a round trip of 60 ms.
  static let usual = NetworkConditions(delay: .milliseconds(30))

  /// These with a change.
  func with(_ change: (inout NetworkConditions) -> Void) -> NetworkConditions {
    var changed = self
    change(&changed)
    return changed
  }

  static func loss(_ share: Double) -> NetworkConditions { usual.with { $0.loss = share } }
}
