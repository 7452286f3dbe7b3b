import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows A3 and A4: jitter, order, repetition")
struct JitterTests {
  @Test("A3: the playout follows the jitter within ten seconds, and comes back after it", arguments: [30, 100, 200])
  func jitter(milliseconds: Int64) throws {
    var scenario = Scenario()
    scenario.seed = 200 + UInt64(milliseconds)
    scenario.duration = .seconds(60)
    scenario.at(
      5,
      up: .usual.with {
        $0.jitter = .milliseconds(milliseconds)
        $0.reordering = 0.05
      })
    scenario.at(30, up: .usual)
    let report = try scenario.run()
    let (calm, wild) = (2.5...5.0, 15.0...30.0)
    let before = report.soundDelays(calm).percentile(50)
    let during = report.soundDelays(wild).percentile(50)
    let after = report.soundDelays(35...59).percentile(50)
    #expect(report.late(wild) <= 2)
    #expect(report.concealed(wild) <= 2)
    #expect(during - before <= 2 * Double(milliseconds) + 20)
    #expect(after - before <= 20)
    #expect(report.longestSilence(report.settled) <= 60)
    report.expectSkews(wild)
    FigureTable.add(
      "A3", "jitter of \(milliseconds) ms, 5 % out of order, for 25 s",
      goal: "late ≤ 2 %, added delay ≤ 2 × jitter, back after 5 s",
      "late \(report.late(wild).text(2)) %, concealed \(report.concealed(wild).text(2)) %, sound after "
        + "\(before.text()) → \(during.text()) → \(after.text()) ms, shown \(report.shownShare(wild).text(1)) %, "
        + "skew p99 \(report.skews(wild).p99.text()) ms")
  }

  @Test("A4: of packets that come twice one is decoded")
  func duplicates() throws {
    var scenario = Scenario()
    scenario.seed = 240
    scenario.up = .usual.with { $0.duplication = 0.1 }
    let report = try scenario.run()
    let span = report.settled
    #expect(report.pictures.outOfOrder == 0)
    #expect(report.pictures.decoded <= report.framesSent)
    #expect(report.decodedShare >= 99)
    #expect(report.concealed(span) == 0)
    let counted = report.server.drops[.replayed] + report.audio.packetsDuplicated + report.video.packetsDuplicated
    let made = Double(report.uplink.duplicated)
    // Checks and the handshake, of which some come twice too, are not counted as media.
    #expect(made > 100)
    #expect((0.7 * made...1.3 * made).contains(Double(counted)))
    #expect(report.sound.latest?.statistics.duplicate == 0)
    FigureTable.add(
      "A4", "10 % come twice", goal: "0 decoded twice, all counted",
      "\(report.pictures.outOfOrder) decoded twice, \(counted) counted of \(report.uplink.duplicated)")
  }
}
