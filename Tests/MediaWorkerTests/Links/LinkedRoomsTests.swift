import MediaControl
import MixCore
import SyntheticClient
import Testing

@testable import MediaWorker

/// Rooms that show each other's hosts, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LinkedRoomsTests {
  private static let halves = [(x: 0.25, y: 0.55), (x: 0.75, y: 0.55)]

  @Test("Both programmes switch in the same tick, own host left, hear both, and return, and no tick is missed")
  func switching() async throws {
    let stage = try await LinkedStage(LinkedStage.small(2))
    let isInStep = try await StallWatch.succeeds(within: 5) { try await linkAndPart(stage) }
    #expect(isInStep)
    for (show, missed) in zip(stage.shows, try await stage.missedTicks()) {
      expectUnbroken(show.viewer.statistics, missed: missed)
    }
    await stage.stop()
  }

  /// - Returns: whether both programmes switched in the same tick and neither missed one.
  private func linkAndPart(_ stage: LinkedStage) async throws -> Bool {
    let (before, begin) = (try await stage.missedTicks(), MonotonicClock.now())
    try await stage.link([0, 1])
    #expect(
      try await stage.eventually { show in
        show.hues(at: Self.halves) == [show.hue, 1 - show.hue] && show.hears([440, 660])
      })
    let first = try #require(try await stage.shows[0].firstShown("host-1", since: begin))
    let second = try #require(try await stage.shows[1].firstShown("host-0", since: begin))
    for show in stage.shows {
      let scene = try await show.live.scene()
      #expect(scene.layers.map(\.userId) == ["host-\(show.hue)", "host-\(1 - show.hue)"])
      #expect(scene.layers.map(\.x) == [0, 320] && scene.layers.allSatisfy { $0.width == 320 && $0.height == 360 })
    }
    try await stage.unlink([0, 1])
    #expect(
      try await stage.eventually { show in
        show.hues(at: Self.halves) == [show.hue, show.hue] && show.hears([show.tone])
      })
    let missed = try await stage.missedTicks()
    // The instant is common, each programme takes it up with its next tick, and a new picture is at most one frame away.
    return missed == before && abs(first - second) <= 105
  }

  /// Neither picture nor sound has ever had a gap in its times, but for the pictures of missed ticks.
  private func expectUnbroken(_ report: ViewerReport, missed: Int) {
    #expect(report.decodeFailures == 0)
    #expect(report.video.timestampReversals == 0 && report.audio.timestampReversals == 0)
    #expect(report.video.longestTimestampStep <= .milliseconds(51 + 50 * Int64(missed)))
    #expect(report.audio.longestTimestampStep <= .milliseconds(21))
  }

  @Test("Three rooms share a grid; one that leaves is alone, and the two others go on side by side")
  func threeRooms() async throws {
    let stage = try await LinkedStage(LinkedStage.small(3))
    try await stage.link([0, 1, 2], layout: "grid")
    let tiles = [(x: 0.25, y: 0.28), (x: 0.75, y: 0.28), (x: 0.5, y: 0.78)]
    #expect(
      try await stage.eventually { show in
        let shown = show.hues(at: tiles)
        return shown.first == show.hue && Set(shown) == [0, 1, 2] && show.hears([440, 660, 990])
      })
    try await stage.link([0, 2])
    #expect(
      try await stage.eventually { show in
        show.hue == 1
          ? show.hues(at: Self.halves) == [1, 1] && show.hears([660])
          : show.hues(at: Self.halves) == [show.hue, 2 - show.hue] && show.hears([440, 990])
      })
    // A room that closes is not waited for.
    _ = try await stage.worker.perform(.closeRoom(stage.shows[0].linked.room))
    let last = stage.shows[2]
    #expect(try await last.live.eventually { last.hues(at: Self.halves) == [2, 2] && last.hears([990]) })
    await stage.stop()
  }

  @Test("A host is asked for what the largest of all programmes shows, receives the other one, until the link ends")
  func wishesAndStage() async throws {
    let (small, large) = (
      ProgramSettings(width: 320, height: 180, frameRate: 20, videoBitrate: 300_000),
      ProgramSettings(width: 1280, height: 720, frameRate: 20, videoBitrate: 1_500_000)
    )
    let stage = try await LinkedStage([small, large])
    let log = EventLog(stage.worker.events)
    let user = stage.shows[0].linked.host
    await #expect(throws: MediaError.self) {
      _ = try await stage.shows[0].live.stageReceiver("host-0", of: "host-1")
    }
    try await stage.link([0, 1])
    #expect(try await stage.shows[0].live.eventually { log.wish(of: user)?.height == 720 })
    #expect(log.wish(of: user)?.width == 640)
    let receiver = try await stage.shows[0].live.stageReceiver("host-0", of: "host-1")
    #expect(
      try await stage.shows[0].live.eventually {
        let report = receiver.statistics
        return report.framesDecoded > 10 && report.toneAmplitude(hertz: 660) > 0.05
          && report.toneAmplitude(hertz: 440) < 0.005
      })
    #expect(receiver.statistics.picture?.size == PixelSize(width: 320, height: 180))
    try await stage.unlink([0, 1])
    _ = await receiver.ended()
    #expect(try await stage.shows[0].live.eventually { log.wish(of: user)?.height == 180 })
    await stage.stop()
  }

  @Test("A host who was away when the link ended is asked for no more than his own programme shows when he is back")
  func awayAtTheEnd() async throws {
    let settings = [(320, 180), (1280, 720)].map { size in
      ProgramSettings(width: size.0, height: size.1, frameRate: 20, videoBitrate: 600_000)
    }
    var stage = try await LinkedStage(settings)
    let log = EventLog(stage.worker.events)
    let (user, live) = (stage.shows[0].linked.host, stage.shows[0].live)
    try await stage.link([0, 1])
    #expect(try await live.eventually { log.wish(of: user)?.height == 720 })
    await stage.shows[0].host.stop()
    try await stage.unlink([0, 1])
    stage.shows[0].host = try await live.publisher("host-0", role: .host, tone: 440, hue: 0, session: "again")
    #expect(try await live.eventually { log.wish(of: user)?.height == 180 })
    await stage.stop()
  }

  @Test("A host who vanishes leaves an empty half in both programmes and comes back into it")
  func vanishing() async throws {
    var stage = try await LinkedStage(LinkedStage.small(2))
    try await stage.link([0, 1])
    #expect(try await stage.eventually { $0.hues(at: Self.halves) == [$0.hue, 1 - $0.hue] })
    await stage.shows[0].host.stop(saysGoodbye: false)
    #expect(
      try await stage.eventually { show in
        let shown = show.hues(at: Self.halves)
        return shown[1 - show.hue] == 1 && shown[show.hue] == nil && show.hears([660])
      })
    let live = stage.shows[0].live
    stage.shows[0].host = try await live.publisher("host-0", role: .host, tone: 440, hue: 0, session: "again")
    #expect(
      try await stage.eventually { $0.hues(at: Self.halves) == [$0.hue, 1 - $0.hue] && $0.hears([440, 660]) })
    await stage.stop()
  }

  @Test("Who is muted in his own room is silent in the others too, also in those linked later")
  func muting() async throws {
    let stage = try await LinkedStage(LinkedStage.small(2))
    let first = stage.shows[0].linked
    _ = try await stage.worker.perform(.setParticipant(first.room, first.host, ParticipantControls(muted: true)))
    try await stage.link([0, 1])
    #expect(
      try await stage.eventually { $0.hues(at: Self.halves) == [$0.hue, 1 - $0.hue] && $0.hears([660]) })
    _ = try await stage.worker.perform(.setParticipant(first.room, first.host, ParticipantControls(muted: false)))
    #expect(try await stage.eventually { $0.hears([440, 660]) })
    await stage.stop()
  }

  @Test("The other host's sound and picture stay together")
  func sync() async throws {
    let stage = try await LinkedStage(LinkedStage.small(2))
    try await stage.link([0, 1])
    #expect(
      try await stage.eventually { show in
        let guest = try await show.live.stats().participants.first { $0.linkedFrom != nil }
        guard let guest, guest.framesDecoded > 60, guest.audioLevel > -60 else { return false }
        return abs(guest.avSkewMs) <= 40 && guest.audioDelayMs < 300
      })
    await stage.stop()
  }

  @Test("Links of one room, of strangers, of unknown rooms or in unknown layouts are refused")
  func refusals() async throws {
    let live = try await LiveRoom()
    let known = LinkedRoom(room: live.room, host: UserID(rawValue: "host"))
    let unknown = LinkedRoom(room: RoomID(rawValue: "nowhere"), host: UserID(rawValue: "other"))
    let refused: [(MediaCommand, String)] = [
      (.linkRooms([known], LayoutRequest(layout: "grid")), "media.link-invalid"),
      (.linkRooms([known, known], LayoutRequest(layout: "grid")), "media.link-invalid"),
      (.linkRooms([known, unknown], LayoutRequest(layout: "grid")), "media.room-unknown"),
      (.linkRooms([known, unknown], LayoutRequest(layout: "spiral")), "layout.unknown"),
    ]
    for (command, code) in refused {
      do {
        _ = try await live.worker.perform(command)
        Issue.record("\(code) was not refused")
      } catch { #expect(error.code == code) }
    }
    await live.worker.shutdown()
  }
}
