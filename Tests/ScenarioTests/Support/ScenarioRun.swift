import MixCore
import NetworkSimulation
import Transport

/// A scenario under way: the client with its camera and microphone, the network, the server with its programme.
struct ScenarioRun: ~Copyable {
  static let audio = 0
  static let video = 1
  /// 32 kb/s of Opus with the headers of fifty packets a second.
  private static let soundRate = 70_000

  let scenario: Scenario
  var link: SessionLink
  var room: ServerRoom
  var camera: ClientCamera?
  private var smallCamera: ClientCamera?
  let wire = WireTrace()
  /// When the media began, in true time.
  private(set) var mediaStart: MediaTime?
  private(set) var changes: [(time: MediaTime, change: RTCEvent)] = []
  private(set) var keyFrameRequests: [MediaTime] = []
  private(set) var audioPacketsReceived = 0
  /// Pictures the client's session did not take for want of room on the path.
  private(set) var framesRefused = 0
  private var isRefused = false
  private var isConnected = false
  var isCameraOn = true
  var isMicrophoneOn = true

  private let packets: [[UInt8]]
  private var packetizer = OpusPacketizer()
  private var packetsTaken = 0
  private var framesTaken = 0
  private var eventsDone = 0
  private var nextAdaptation = MediaTime.distantPast
  private let events: [Scenario.Event]

  private static let identities: (client: DTLSIdentity, server: DTLSIdentity)? = {
    guard let client = try? DTLSIdentity(), let server = try? DTLSIdentity() else { return nil }
    return (client, server)
  }()

  init(_ scenario: Scenario) throws {
    // All that can throw comes first: a noncopyable value cannot be given up half made.
    let link = try Self.connect(scenario)
    let room = try ServerRoom(frameRate: scenario.frameRate, hasHost: scenario.joins != nil)
    packets = try scenario.voice.map { try VoicePackets.of($0) } ?? []
    self.scenario = scenario
    self.link = link
    self.room = room
    events = scenario.events.sorted { $0.time < $1.time }
    let wire = wire
    self.link.onSighting = { wire.note($0) }
    if let filter = scenario.uplinkFilter { self.link.uplinkFilter = filter }
  }

  private static func connect(_ scenario: Scenario) throws -> SessionLink {
    var client = try makeClient(seed: scenario.seed &+ 2, now: scenario.clientClock.reading(at: .zero))
    var server = try makeServer(seed: scenario.seed &+ 3, now: .zero)
    try negotiate(scenario, client: &client, server: &server)
    return SessionLink(
      client: client, server: server, clock: scenario.clientClock, up: scenario.up, down: scenario.down,
      seed: scenario.seed)
  }

  private static func makeClient(seed: UInt64, now: MediaTime) throws -> RTCSession {
    guard let identities = Self.identities else { throw TransportError.certificateFailed }
    return try RTCSession(.init(role: .client, certificate: identities.client, seed: seed), now: now)
  }

  private static func makeServer(seed: UInt64, now: MediaTime) throws -> RTCSession {
    guard let identities = Self.identities else { throw TransportError.certificateFailed }
    return try RTCSession(
      .init(
        role: .server, certificate: identities.server, hostCandidates: [SessionLink.serverAddress], seed: seed),
      now: now)
  }

  private static func negotiate(
    _ scenario: Scenario, client: inout RTCSession, server: inout RTCSession
  ) throws {
    let codecs = [scenario.camera?.codec ?? .vp8]
    let layers = scenario.camera?.smallLayer == nil ? [] : ["q", "f"]
    let offer = without(scenario.unwantedWords, try client.offer(intents: intents(.send, codecs, layers)))
    try client.accept(answer: try server.answer(offer: offer, intents: intents(.receive, codecs)))
  }

  /// The client begins a new session, which the server knows to be the same participant's; camera and microphone go on.
  mutating func reconnect() throws {
    var client = try Self.makeClient(seed: scenario.seed &+ 102, now: link.clientNow)
    var server = try Self.makeServer(seed: scenario.seed &+ 103, now: now)
    try Self.negotiate(scenario, client: &client, server: &server)
    try room.restart()
    link.client = client
    link.server = server
    isConnected = false
    camera?.requestKeyFrame()
    smallCamera?.requestKeyFrame()
  }

  private static func without(_ words: [String], _ offer: String) -> String {
    let lines = offer.split(separator: "\r\n").filter { line in !words.contains { line.contains($0) } }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  private static func intents(
    _ direction: MediaIntent.Direction, _ codecs: [VideoCodec], _ layers: [String] = []
  ) -> [MediaIntent] {
    [
      MediaIntent(kind: .audio, direction: direction),
      MediaIntent(kind: .video, direction: direction, videoCodecs: codecs, layers: layers),
    ]
  }

  var now: MediaTime { link.now }

  mutating func run() {
    link.flush()
    while link.now < scenario.duration { advance() }
  }

  private mutating func advance() {
    let due = eventsDone < events.count ? events[eventsDone].time : .distantFuture
    var next = min(link.nextInstant, nextMedia, due, scenario.duration)
    if link.isServerAwake { next = min(next, room.program.nextDeadline, room.nextHostPicture) }
    link.step(to: next)
    takeServerEvents()
    takeClientEvents()
    while eventsDone < events.count, events[eventsDone].time <= now {
      eventsDone += 1
      events[eventsDone - 1].act(&self)
      link.flush()
    }
    sendMedia()
    takeServerEvents()
    if link.isServerAwake { room.tick(now: now) }
  }

  // MARK: Server

  private mutating func takeServerEvents() {
    for event in link.takeServerEvents() {
      switch event {
      case .audioPacket(_, let packet):
        audioPacketsReceived += 1
        room.insert(packet)
      case .videoFrame(let media, let frame):
        if !room.insert(frame, now: now) {
          link.server.requestKeyFrame(media: media, now: now)
          link.flush()
        }
      case .connected, .disconnected, .closed: changes.append((now, event))
      default: break
      }
    }
  }

  // MARK: Client

  private mutating func takeClientEvents() {
    for event in link.takeClientEvents() {
      switch event {
      case .connected: isConnected = true
      case .keyFrameRequested:
        // While the session itself refuses pictures the wish is its own.
        if !isRefused { keyFrameRequests.append(now) }
        camera?.requestKeyFrame()
        smallCamera?.requestKeyFrame()
      default: break
      }
    }
  }

  private mutating func startMedia() {
    mediaStart = now
    if scenario.joins != nil { try? room.joinLate(at: now) }
    packetizer = OpusPacketizer(timeOrigin: link.clientNow)
    guard let settings = scenario.camera else { return }
    camera = try? ClientCamera(settings, start: link.clientNow, seed: scenario.seed &+ 4)
    guard let size = settings.smallLayer else { return }
    var small = settings
    (small.size, small.bitrate) = (size, settings.bitrate / 4)
    smallCamera = try? ClientCamera(small, start: link.clientNow, seed: scenario.seed &+ 5)
  }

  /// The true time at which the client's clock has moved by `time` since the media began.
  func mediaTime(_ time: MediaTime) -> MediaTime {
    guard let mediaStart else { return .distantFuture }
    guard scenario.clientClock.partsPerMillion != 0 else { return mediaStart + time }
    return scenario.clientClock.time(of: scenario.clientClock.reading(at: mediaStart) + time)
  }

  private var packetDuration: MediaTime { .milliseconds(Int64(scenario.voice?.milliseconds ?? 20)) }

  private var nextPacketTime: MediaTime {
    packets.isEmpty ? .distantFuture : mediaTime(packetDuration * Int64(packetsTaken + 1))
  }

  private var nextFrameTime: MediaTime {
    guard let settings = scenario.camera else { return .distantFuture }
    return mediaTime(MediaTime(count: Int64(framesTaken), rate: Int64(settings.frameRate)))
  }

  private var nextMedia: MediaTime {
    guard mediaStart == nil else { return min(nextPacketTime, nextFrameTime) }
    return isConnected ? max(now, scenario.joins ?? .zero) : .distantFuture
  }

  private mutating func sendMedia() {
    if mediaStart == nil, isConnected, now >= scenario.joins ?? .zero { startMedia() }
    guard mediaStart != nil else { return }
    adapt()
    while nextPacketTime <= now { sendPacket() }
    while nextFrameTime <= now { sendFrame() }
    link.flush()
  }

  private mutating func sendPacket() {
    let number = packetsTaken
    packetsTaken += 1
    guard isMicrophoneOn else { return }
    let payload = packets[number % packets.count]
    // With DTX the encoder answers packets of up to two bytes where nothing is to be sent.
    if scenario.voice?.isDiscontinuous == true, payload.count <= 2 { return }
    let packet = EncodedPacket(
      track: .audio(.opus), data: payload, time: packetDuration * Int64(number), duration: packetDuration,
      isKeyFrame: true)
    let frame = packetizer.packetize(packet)
    if let send = scenario.sendSound { return send(&self, frame) }
    link.client.send(frame, media: Self.audio, now: link.clientNow)
  }

  private mutating func sendFrame() {
    framesTaken += 1
    // What browsers do, too: nothing new is encoded while what is there has not left.
    guard isCameraOn, isConnected, !scenario.adapts || !link.client.isCongested else {
      camera?.skip()
      smallCamera?.skip()
      return
    }
    if let small = smallCamera?.next() { link.client.send(small, media: Self.video, layer: 0, now: link.clientNow) }
    guard let frame = camera?.next() else { return }
    if let send = scenario.sendPicture { return send(&self, frame) }
    let layer = scenario.camera?.smallLayer == nil ? 0 : 1
    isRefused = !link.client.send(frame, media: Self.video, layer: layer, now: link.clientNow)
    if isRefused { framesRefused += 1 }
  }

  /// What a browser does ten times a second: the picture gets what the path carries beside the sound, less what an encoder
  /// needs to make one picture larger than another.
  private mutating func adapt() {
    guard scenario.adapts, now >= nextAdaptation, let settings = scenario.camera else { return }
    nextAdaptation = now + .milliseconds(100)
    link.client.setMediaBitrates(wanted: settings.bitrate + Self.soundRate)
    guard let available = link.client.availableBitrate else { return }
    let time = now
    camera?.setBitrate(min(settings.bitrate, available * 9 / 10 - Self.soundRate), now: time)
  }

  // MARK: Afterwards

  mutating func report() -> ScenarioReport {
    room.finish(now: now)
    return ScenarioReport(
      scenario: scenario, mediaStart: mediaStart ?? .zero, clock: scenario.clientClock, pictures: room.pictures,
      sound: room.sound, wire: wire, uplink: link.uplink.counters, keyFrameRequests: keyFrameRequests, changes: changes,
      framesSent: framesTaken, framesRefused: framesRefused, audioSource: link.client.media[Self.audio].localSSRC ?? 0,
      client: link.client.statistics, server: link.server.statistics)
  }
}
