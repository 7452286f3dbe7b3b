import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

/// A worker on loopback with real sockets, real DTLS-SRTP and real codecs.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LiveRoomTests {
  private let room = RoomID(rawValue: "room")

  private func makeWorker(width: Int = 640, height: Int = 360) async throws -> MediaWorker {
    let worker = try MediaWorker(.init(bind: SocketAddress(ipv4: (127, 0, 0, 1), port: 0)))
    let settings = ProgramSettings(width: width, height: height, frameRate: 20, videoBitrate: 800_000)
    _ = try await worker.perform(.createRoom(room, settings))
    return worker
  }

  private func publisher(
    _ worker: MediaWorker, user: String, role: ParticipantRole, tone: Double, hue: Int
  ) async throws -> SyntheticPublisher {
    let publisher = try SyntheticPublisher(
      .init(label: user, width: 320, height: 180, frameRate: 20, bitrate: 300_000, toneHertz: tone, hue: hue))
    try await publisher.start { [room] offer in
      let id = SessionID(rawValue: "publish-\(user)")
      let reply = try await worker.perform(
        .openPublisher(id, room, UserID(rawValue: user), role, offer: offer))
      guard case .session(let answer) = reply else { throw MediaError.unknownSession }
      return answer
    }
    return publisher
  }

  private func stats(_ worker: MediaWorker) async throws -> RoomStats {
    guard case .stats(let stats) = try await worker.perform(.roomStats(room)) else { throw MediaError.unknownRoom }
    return stats
  }

  /// Asks every 50 ms until `condition` holds; the limit only bounds a failing test.
  private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<400 {
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  @Test("Two people publish, the scene holds both, and the one who leaves is gone from it")
  func publishAndLeave() async throws {
    let worker = try await makeWorker()
    let host = try await publisher(worker, user: "host", role: .host, tone: 440, hue: 0)
    let guest = try await publisher(worker, user: "guest", role: .cohost, tone: 660, hue: 1)
    #expect(
      try await eventually {
        let participants = try await stats(worker).participants
        return participants.count == 2 && participants.allSatisfy { $0.framesDecoded > 5 && $0.connected }
      })
    let both = try await scene(worker)
    #expect(both.layers.map(\.userId) == ["host", "guest"])
    #expect(both.layers.first == .init(userId: "host", x: 0, y: 0, width: 640, height: 360, zIndex: 0))
    await guest.stop()
    #expect(try await eventually { try await scene(worker).layers.map(\.userId) == ["host"] })
    await host.stop()
    await worker.shutdown()
  }

  @Test("A viewer gets a steady mixed picture and the tones of both")
  func viewer() async throws {
    let worker = try await makeWorker()
    let host = try await publisher(worker, user: "host", role: .host, tone: 440, hue: 0)
    let guest = try await publisher(worker, user: "guest", role: .cohost, tone: 660, hue: 1)
    let viewer = SyntheticViewer(.init(decodesVideo: true, decodesAudio: true))
    try await viewer.start { [room] offer in
      let reply = try await worker.perform(.openViewer(SessionID(rawValue: "viewer"), room, offer: offer))
      guard case .session(let answer) = reply else { throw MediaError.unknownSession }
      return answer
    }
    #expect(
      try await eventually {
        let report = viewer.statistics
        return report.framesDecoded > 40 && report.toneAmplitude(hertz: 440) > 0.02
          && report.toneAmplitude(hertz: 660) > 0.02
      })
    let report = viewer.statistics
    #expect(report.decodeFailures == 0)
    #expect(report.video.timestampReversals == 0 && report.audio.timestampReversals == 0)
    #expect(report.picture?.size == PixelSize(width: 640, height: 360))
    #expect(report.toneAmplitude(hertz: 550) < 0.005)
    #expect(try await stats(worker).latency["mix"] != nil)
    for participant in [host, guest] { await participant.stop() }
    await viewer.stop()
    await worker.shutdown()
  }

  @Test("Commands for rooms, sessions, layouts and outputs that do not exist are refused with their codes")
  func refusals() async throws {
    let worker = try await makeWorker()
    let nowhere = RoomID(rawValue: "nowhere")
    let refused: [(MediaCommand, String)] = [
      (.closeRoom(nowhere), "media.room-unknown"),
      (.openViewer(SessionID(rawValue: "v"), nowhere, offer: ""), "media.room-unknown"),
      (.openViewer(SessionID(rawValue: "v"), room, offer: "not SDP"), "sdp.malformed"),
      (.closeSession(SessionID(rawValue: "x")), "media.session-unknown"),
      (.patchSession(SessionID(rawValue: "x"), fragment: ""), "media.session-unknown"),
      (.setLayout(room, LayoutRequest(layout: "spiral")), "layout.unknown"),
      (.setParticipant(room, UserID(rawValue: "x"), ParticipantControls(muted: true)), "media.participant-unknown"),
      (.addOutput(room, OutputID(rawValue: "o"), url: "gopher://x/y"), "output.scheme-unsupported"),
      (.removeOutput(room, OutputID(rawValue: "o")), "output.unknown"),
      (.createRoom(nowhere, ProgramSettings(width: 641)), "room.video-invalid"),
    ]
    for (command, code) in refused {
      await #expect(throws: MediaError.self) { _ = try await worker.perform(command) }
      do { _ = try await worker.perform(command) } catch { #expect(error.code == code) }
    }
    await worker.shutdown()
  }

  private func scene(_ worker: MediaWorker) async throws -> SceneDescription {
    let reply = try await worker.perform(.setLayout(room, LayoutRequest(layout: "pip")))
    guard case .scene(let scene) = reply else { throw MediaError.unknownRoom }
    return scene
  }
}
