import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Sound and picture of one participant")
struct SyncTests {
  @Test("who joins a running programme late is in step there thirty seconds later")
  func lateJoin() throws {
    var scenario = Scenario()
    scenario.seed = 1_500
    scenario.duration = .seconds(120)
    scenario.joins = .seconds(12)
    let report = try scenario.run()
    let (early, late) = (report.skews(16...42), report.skews(42...119))
    report.expectSkews(42...119, share: 0.9)
    report.expectSkews(16...42)
    FigureTable.add(
      "–", "joins as a co-host after 12 s", goal: "skew ≤ 40 ms",
      "skew p99 \(early.p99.text()) ms from 4 s on, "
        + "\(late.p99.text()) ms from 30 s on, sound after \(report.soundDelays(42...119).percentile(50).text()) ms")
  }

  /// In a room of 15 pictures a second it makes 66 ms of difference.
  @Test(
    "wherever a host's pictures lie between two ticks, late sound is beside them", arguments: [0, 11, 22, 33, 44, 55])
  func hostPhase(milliseconds: Int) throws {
    var scenario = Scenario()
    scenario.seed = 1_520
    scenario.duration = .seconds(60)
    scenario.frameRate = 15
    scenario.voice?.milliseconds = 60
    scenario.up = .usual.with { $0.delay = .milliseconds(30 + Int64(milliseconds)) }
    let report = try scenario.run()
    report.expectSkews(10...59)
    FigureTable.add(
      "–", "15 pictures a second, Opus of 60 ms, a way of \(30 + milliseconds) ms", goal: "skew ≤ 40 ms",
      "skew p99 \(report.skews(10...59).p99.text()) ms")
  }

  @Test("five seconds after a machine stood still for five, sound and picture are as before", arguments: [true, false])
  func stall(isHost: Bool) throws {
    var scenario = Scenario()
    scenario.seed = 1_510
    scenario.duration = .seconds(90)
    scenario.joins = isHost ? nil : .zero
    scenario.at(10) { $0.link.isServerAwake = false }
    scenario.at(15) { $0.link.isServerAwake = true }
    let report = try scenario.run()
    let (before, after) = (report.soundDelays(4...10).percentile(50), report.soundDelays(20...89).percentile(95))
    let skews = report.skews(20...89)
    report.expectSkews(20...89, share: 0.93)
    #expect(abs(after - before) <= 30)
    FigureTable.add(
      "–", "the server stands still for 5 s, \(isHost ? "host" : "co-host")", goal: "skew ≤ 40 ms after 5 s",
      "skew p99 \(skews.p99.text()) ms, sound \(before.text()) → \(after.text()) ms")
  }
}
