import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

/// A worker on loopback with real sockets, real DTLS-SRTP and real codecs, and one small room in it.
struct LiveRoom {
  let worker: MediaWorker
  let room: RoomID

  /// - Parameter worker: of the other rooms; `nil` makes one.
  init(
    _ name: String = "room", in worker: MediaWorker? = nil,
    settings: ProgramSettings = ProgramSettings(width: 640, height: 360, frameRate: 20, videoBitrate: 800_000)
  ) async throws {
    self.worker = try worker ?? MediaWorker(.onLoopback)
    room = RoomID(rawValue: name)
    _ = try await self.worker.perform(.createRoom(room, settings))
  }

  func publisher(
    _ user: String, role: ParticipantRole, tone: Double, hue: Int, session: String? = nil
  ) async throws -> SyntheticPublisher {
    try await publish(
      .init(label: user, width: 320, height: 180, frameRate: 20, bitrate: 300_000, toneHertz: tone, hue: hue),
      as: role, session: session)
  }

  /// - Parameter relay: what the publisher sends goes by this way.
  func publish(
    _ configuration: SyntheticPublisher.Configuration, as role: ParticipantRole, session: String? = nil,
    through relay: UplinkRelay? = nil
  ) async throws -> SyntheticPublisher {
    let publisher = try SyntheticPublisher(configuration)
    let user = UserID(rawValue: configuration.label)
    let id = SessionID(rawValue: session ?? "publish-\(configuration.label)")
    try await publisher.start { offer in
      let answer = try await answer(.openPublisher(id, room, user, role, offer: offer))
      return relay?.redirect(answer) ?? answer
    }
    return publisher
  }

  func host() async throws -> SyntheticPublisher {
    try await publisher("host", role: .host, tone: 440, hue: 0)
  }

  func guest() async throws -> SyntheticPublisher {
    try await publisher("guest", role: .cohost, tone: 660, hue: 1)
  }

  func viewer(codecs: [VideoCodec] = [.h264, .vp8]) async throws -> SyntheticViewer {
    try await watch(.init(codecs: codecs, decodesVideo: true, decodesAudio: true))
  }

  func watch(_ configuration: SyntheticViewer.Configuration) async throws -> SyntheticViewer {
    let viewer = SyntheticViewer(configuration)
    let id = SessionID(rawValue: "viewer-\(room.rawValue)-\(configuration.codecs)")
    try await viewer.start { offer in try await answer(.openViewer(id, room, offer: offer)) }
    return viewer
  }

  /// Receives what `source` sends, as `receiver` on stage.
  func stageReceiver(_ receiver: String, of source: String) async throws -> SyntheticViewer {
    let viewer = SyntheticViewer(.init(codecs: [.vp8], decodesVideo: true, decodesAudio: true))
    try await viewer.start { offer in
      try await answer(
        .openStageReceiver(
          SessionID(rawValue: "stage-\(receiver)-\(source)"), room, receiver: UserID(rawValue: receiver),
          source: UserID(rawValue: source), offer: offer))
    }
    return viewer
  }

  func answer(_ command: MediaCommand) async throws -> String {
    guard case .session(let answer) = try await worker.perform(command) else { throw MediaError.unknownSession }
    return answer
  }

  func stats() async throws -> RoomStats {
    guard case .stats(let stats) = try await worker.perform(.roomStats(room)) else { throw MediaError.unknownRoom }
    return stats
  }

  func set(_ controls: ParticipantControls, of user: String) async throws {
    _ = try await worker.perform(.setParticipant(room, UserID(rawValue: user), controls))
  }

  func scene(_ layout: String = "pip") async throws -> SceneDescription {
    let reply = try await worker.perform(.setLayout(room, LayoutRequest(layout: layout)))
    guard case .scene(let scene) = reply else { throw MediaError.unknownRoom }
    return scene
  }

  /// Asks every 50 ms until `condition` holds; the limit of 20 s only bounds a failing test.
  func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<400 {
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }
}

extension MediaWorker.Configuration {
  /// Any free port; no host has a name.
  static var onLoopback: Self {
    Self(bind: SocketAddress(ipv4: (127, 0, 0, 1), port: 0), lookup: { _ in [] })
  }
}
