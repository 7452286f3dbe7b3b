import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows A6 to A8: long ways, outages, clients that vanish")
struct OutageTests {
  @Test("A6: a client half a second away each way joins, and its sound has no gaps")
  func farAway() throws {
    var scenario = Scenario()
    scenario.seed = 300
    scenario.duration = .seconds(30)
    scenario.up.delay = .milliseconds(500)
    scenario.down.delay = .milliseconds(500)
    let report = try scenario.run()
    #expect(report.mediaStart < .seconds(10))
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.shownShare(report.settled) > 95)
    FigureTable.add(
      "A6", "500 ms each way", goal: "joins < 30 s",
      "joined after \(report.mediaStart.seconds.text(1)) s, \(report.summary(report.settled))")
  }

  @Test("A7: after an outage shorter than the peer's patience everything goes on by itself", arguments: [3.0, 10])
  func outage(seconds: Double) throws {
    var scenario = Scenario()
    scenario.seed = 310 + UInt64(seconds)
    scenario.duration = .seconds(30)
    let down = NetworkConditions.usual.with { $0.isDown = true }
    scenario.at(8, up: down, down: down)
    let back = 8 + seconds
    scenario.at(back, up: .usual, down: .usual)
    let report = try scenario.run()
    let sound = report.silentUntil(after: back) - back
    let picture = report.firstPicture(after: back) - back
    let before = report.soundDelays(3...8).percentile(50)
    let after = report.soundDelays((back + 5)...29).percentile(50)
    #expect(sound <= 1)
    #expect(picture <= 2)
    #expect(abs(after - before) <= 20)
    report.expectSkews((back + 5)...29)
    #expect(!report.isClosed)
    FigureTable.add(
      "A7", "nothing arrives for \(seconds.text()) s", goal: "sound ≤ 1 s, picture ≤ 2 s after its end",
      "sound after \((sound * 1_000).text()) ms, picture after \((picture * 1_000).text()) ms, delay "
        + "\(before.text()) → \(after.text()) ms")
  }

  @Test("A7: an outage of forty seconds ends the session after thirty, for good, and another one begins at once")
  func longOutage() throws {
    var scenario = Scenario()
    scenario.seed = 320
    scenario.duration = .seconds(65)
    let down = NetworkConditions.usual.with { $0.isDown = true }
    scenario.at(5, up: down, down: down)
    scenario.at(45, up: .usual, down: .usual)
    var taken: [Int] = []
    for time in [44.9, 49.9] {
      scenario.at(time) { taken.append($0.audioPacketsReceived + $0.room.pictures.framesReceived) }
    }
    scenario.at(50) { run in _ = try? run.reconnect() }
    let report = try scenario.run()
    let silent = report.disconnectedAt.map { $0 - 5 } ?? .infinity
    let closed = report.closedAt.map { $0 - 5 } ?? .infinity
    #expect((4.5...6.5).contains(silent))
    #expect((27...35).contains(closed))
    // The network is back, but nothing of this session.
    #expect(taken.count == 2 && Set(taken).count == 1)
    let sentInVain = report.wire.sightings.count {
      $0.media != nil && $0.time >= .seconds(45) && $0.time < .seconds(50)
    }
    #expect(sentInVain == 0)
    #expect(report.soundDelays(36...50).isEmpty)
    let sound = report.silentUntil(after: 50) - 50
    let picture = report.firstPicture(after: 50) - 50
    #expect(sound <= 1)
    #expect(picture <= 2)
    #expect(report.pictures.unreadable == 0 && report.pictures.failures == 0)
    report.expectSkews(55...64)
    FigureTable.add(
      "A7", "nothing arrives for 40 s, then a new session",
      goal: "known after 5 s, released after 30 s; sound ≤ 1 s, picture ≤ 2 s after the new one begins",
      "known after \(silent.text(1)) s, released after \(closed.text(1)) s; sound after "
        + "\((sound * 1_000).text()) ms, picture after \((picture * 1_000).text()) ms, skew p99 "
        + "\(report.skews(55...64).p99.text()) ms")
  }

  @Test("A8: of a client that vanishes the tile tells within seconds, and the session ends")
  func vanished() throws {
    var scenario = Scenario()
    scenario.seed = 330
    scenario.duration = .seconds(42)
    scenario.at(5) { $0.link.isClientAlive = false }
    let report = try scenario.run()
    let dim = (report.first(.stale, after: 5) ?? .infinity) - 5
    let placeholder = (report.first(.placeholder, after: 5) ?? .infinity) - 5
    let closed = report.closedAt.map { $0 - 5 } ?? .infinity
    #expect(dim <= 1.3)
    #expect(placeholder <= 3.3)
    #expect(closed <= 35)
    FigureTable.add(
      "A8", "the client vanishes", goal: "placeholder ≈ 3 s, end ≤ 35 s",
      "dim after \(dim.text(1)) s, placeholder after \(placeholder.text(1)) s, end after \(closed.text(1)) s")
  }
}
