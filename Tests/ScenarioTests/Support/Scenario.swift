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
  var clientClock = PeerClock(offset: .seconds(1_234))
  /// The client's encoder follows what its session says the network carries.
  var adapts = false
  /// Sends the client's sound and pictures in another way than through its session.
  var sendSound: ((inout ScenarioRun, PacketizedFrame) -> Void)?
  var sendPicture: ((inout ScenarioRun, PacketizedFrame) -> Void)?
  /// Whether a datagram of the client may leave it; may change it.
  var uplinkFilter: ((inout [UInt8]) -> Bool)?
  /// Changes the offer on its way. Browsers tell no capture times beside their sender reports.
  var editOffer: (String) -> String = { offer in
    offer.split(separator: "\r\n").filter { !$0.contains("abs-capture-time") }.joined(separator: "\r\n") + "\r\n"
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
