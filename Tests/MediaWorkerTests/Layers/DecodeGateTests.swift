import MediaControl
import MixCore
import SyntheticClient
import Testing

@testable import MediaWorker

@Suite(.serialized, .timeLimit(.minutes(2))) struct DecodeGateTests {
  @Test(
    "Without viewers, the first pictures are decoded and no more; the first viewer gets his first within a second")
  func firstViewer() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let guest = try await live.guest()
    #expect(
      try await live.eventually {
        let participants = try await live.stats().participants
        return participants.count == 2 && participants.allSatisfy { $0.framesDecoded > 0 }
      })
    let before = try await decodedAtRest(live)
    #expect(before.allSatisfy { $0 <= 10 }, "\(before)")
    try await Task.sleep(for: .milliseconds(700))
    let idle = try await live.stats()
    #expect(idle.participants.map(\.framesDecoded) == before)
    #expect(try await live.eventually { try await live.stats().participants.allSatisfy { $0.audioLevel > -60 } })
    let isPrompt = try await StallWatch.succeeds(within: 3) { try await watchAndLeave(live) <= .seconds(1) }
    #expect(isPrompt)
    for participant in [host, guest] { await participant.stop() }
    await live.worker.shutdown()
  }

  /// What has been decoded of each, once nothing more is.
  private func decodedAtRest(_ live: LiveRoom) async throws -> [Int] {
    var decoded: [Int] = []
    let isAtRest = try await live.eventually {
      decoded = try await live.stats().participants.map(\.framesDecoded)
      try await Task.sleep(for: .milliseconds(500))
      return try await live.stats().participants.map(\.framesDecoded) == decoded
    }
    #expect(isAtRest)
    return decoded
  }

  /// - Returns: how long a viewer waits for his first picture from when he begins to connect.
  private func watchAndLeave(_ live: LiveRoom) async throws -> MediaTime {
    let before = try await decodedAtRest(live)
    let start = MonotonicClock.now()
    let viewer = try await live.viewer()
    #expect(try await live.eventually { viewer.statistics.framesDecoded > 0 })
    let waited = MonotonicClock.now() - start
    #expect(
      try await live.eventually {
        let now = try await live.stats().participants.map(\.framesDecoded)
        return zip(now, before).allSatisfy { $0 > $1 + 5 }
      })
    await viewer.stop()
    // The gate closes again a few seconds after the last viewer has gone.
    _ = try await decodedAtRest(live)
    return waited
  }

  @Test("A camera turned off by the host is not decoded, and its picture is back as soon as it is turned on")
  func camera() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let viewer = try await live.viewer()
    let user = UserID(rawValue: "host")
    #expect(try await live.eventually { try await live.stats().participants.first?.framesDecoded ?? 0 > 10 })
    _ = try await live.worker.perform(.setParticipant(live.room, user, ParticipantControls(camera: false)))
    #expect(
      try await live.eventually {
        let first = try await live.stats().participants.first?.framesDecoded
        try await Task.sleep(for: .milliseconds(500))
        return try await live.stats().participants.first?.framesDecoded == first
      })
    let paused = try await live.stats().participants.first?.framesDecoded ?? 0
    _ = try await live.worker.perform(.setParticipant(live.room, user, ParticipantControls(camera: true)))
    #expect(try await live.eventually { try await live.stats().participants.first?.framesDecoded ?? 0 > paused + 5 })
    #expect(viewer.statistics.decodeFailures == 0)
    await viewer.stop()
    await host.stop()
    await live.worker.shutdown()
  }

  @Test(
    "Wishes follow the scene: everything for who fills the canvas, a tile for the other, more as the layout changes")
  func wishes() async throws {
    let live = try await LiveRoom()
    let log = EventLog(live.worker.events)
    let host = try await live.host()
    let guest = try await live.guest()
    let viewer = try await live.viewer()
    let (first, second) = (UserID(rawValue: "host"), UserID(rawValue: "guest"))
    #expect(
      try await live.eventually {
        log.wish(of: first)?.width == 640 && log.wish(of: second).map { [$0.width, $0.height] } == [160, 100]
      })
    _ = try await live.scene("side-by-side")
    #expect(try await live.eventually { log.wish(of: second).map { [$0.width, $0.height] } == [320, 360] })
    #expect(log.wish(of: second)?.frameRate == 20)
    // On stage he is seen in a tile of 360 lines by default, or in what the receiver shows.
    _ = try await live.scene("pip")
    let stage = try await live.stageReceiver("host", of: "guest")
    #expect(try await live.eventually { log.wish(of: second).map { [$0.width, $0.height] } == [640, 360] })
    _ = try await live.worker.perform(.setStageTile(SessionID(rawValue: "stage-host-guest"), height: 180))
    #expect(try await live.eventually { log.wish(of: second).map { [$0.width, $0.height] } == [320, 180] })
    await stage.stop()
    await viewer.stop()
    #expect(
      try await live.eventually { log.wish(of: first)?.isHidden == true && log.wish(of: second)?.isHidden == true })
    for participant in [host, guest] { await participant.stop() }
    await live.worker.shutdown()
  }
}
