import MixCore
import NetworkSimulation
import Transport

/// A viewer as WHEP makes them: the server sends sound and pictures, and the viewer plays them with the means of a
/// programme. Of the scenario only what concerns that counts.
struct ViewerRun: ~Copyable {
  private static let soundRate = 70_000

  private let scenario: Scenario
  private var link: SessionLink
  private var room: ServerRoom
  private var camera: ClientCamera?
  private var packetizer = OpusPacketizer()
  private let packets: [[UInt8]]
  private var mediaStart: MediaTime?
  private var packetsTaken = 0
  private var framesTaken = 0
  private var framesRefused = 0
  private var isServerReady = false
  private var isViewerReady = false
  private var keyFrameRequests: [MediaTime] = []

  init(_ scenario: Scenario) throws {
    // All that can throw comes first: a noncopyable value cannot be given up half made.
    let link = try Self.connect(scenario)
    let room = try ServerRoom(frameRate: scenario.frameRate, hasHost: false)
    packets = try scenario.voice.map { try VoicePackets.of($0) } ?? []
    self.scenario = scenario
    self.link = link
    self.room = room
  }

  private static func connect(_ scenario: Scenario) throws -> SessionLink {
    let (certificate, serverCertificate) = (try DTLSIdentity(), try DTLSIdentity())
    var viewer = try RTCSession(
      .init(role: .client, certificate: certificate, seed: scenario.seed &+ 2), now: .zero)
    var server = try RTCSession(
      .init(
        role: .server, certificate: serverCertificate, hostCandidates: [SessionLink.serverAddress],
        seed: scenario.seed &+ 3), now: .zero)
    let offer = try viewer.offer(intents: intents(.receive))
    try viewer.accept(answer: try server.answer(offer: offer, intents: intents(.send)))
    return SessionLink(client: viewer, server: server, up: scenario.up, down: scenario.down, seed: scenario.seed)
  }

  private static func intents(_ direction: MediaIntent.Direction) -> [MediaIntent] {
    [MediaIntent(kind: .audio, direction: direction), MediaIntent(kind: .video, direction: direction)]
  }

  mutating func run() -> ScenarioReport {
    link.flush()
    while link.now < scenario.duration { advance() }
    room.finish(now: link.now)
    return ScenarioReport(
      scenario: scenario, mediaStart: mediaStart ?? .zero, clock: PeerClock(), pictures: room.pictures,
      sound: room.sound, wire: WireTrace(), uplink: link.uplink.counters, keyFrameRequests: keyFrameRequests,
      changes: [], framesSent: framesTaken, framesRefused: framesRefused,
      audioSource: link.server.media[ScenarioRun.audio].localSSRC ?? 0, client: link.client.statistics,
      server: link.server.statistics)
  }

  private mutating func advance() {
    link.step(to: min(link.nextInstant, nextPacketTime, nextFrameTime, room.program.nextDeadline, scenario.duration))
    takeViewerEvents()
    takeServerEvents()
    send()
    room.tick(now: link.now)
  }

  private mutating func takeViewerEvents() {
    for event in link.takeClientEvents() {
      switch event {
      case .connected: isViewerReady = true
      case .audioPacket(_, let packet): room.insert(packet)
      case .videoFrame(let media, let frame):
        if !room.insert(frame, now: link.now) {
          link.client.requestKeyFrame(media: media, now: link.now)
          link.flush()
        }
      default: break
      }
    }
  }

  private mutating func takeServerEvents() {
    for event in link.takeServerEvents() {
      switch event {
      case .connected: isServerReady = true
      case .keyFrameRequested:
        keyFrameRequests.append(link.now)
        camera?.requestKeyFrame()
      default: break
      }
    }
  }

  // MARK: Media

  private var packetDuration: MediaTime { .milliseconds(Int64(scenario.voice?.milliseconds ?? 20)) }

  private var nextPacketTime: MediaTime {
    guard let mediaStart, !packets.isEmpty else { return .distantFuture }
    return mediaStart + packetDuration * Int64(packetsTaken + 1)
  }

  private var nextFrameTime: MediaTime {
    guard let mediaStart, let settings = scenario.camera else { return .distantFuture }
    return mediaStart + MediaTime(count: Int64(framesTaken), rate: Int64(settings.frameRate))
  }

  private mutating func start() {
    mediaStart = link.now
    packetizer = OpusPacketizer(timeOrigin: link.now)
    guard let settings = scenario.camera else { return }
    camera = try? ClientCamera(settings, start: link.now, seed: scenario.seed &+ 4)
    link.server.setMediaBitrates(wanted: settings.bitrate + Self.soundRate)
  }

  private mutating func send() {
    if mediaStart == nil, isServerReady, isViewerReady { start() }
    while nextPacketTime <= link.now { sendPacket() }
    while nextFrameTime <= link.now { sendFrame() }
    link.flush()
  }

  private mutating func sendPacket() {
    let packet = EncodedPacket(
      track: .audio(.opus), data: packets[packetsTaken % packets.count], time: packetDuration * Int64(packetsTaken),
      duration: packetDuration, isKeyFrame: true)
    packetsTaken += 1
    link.server.send(packetizer.packetize(packet), media: ScenarioRun.audio, now: link.now)
  }

  private mutating func sendFrame() {
    framesTaken += 1
    guard let frame = camera?.next() else { return }
    if !link.server.send(frame, media: ScenarioRun.video, now: link.now) { framesRefused += 1 }
  }
}
