import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row B4: key frames that do not come")
struct KeyFrameTests {
  /// Loses every packet of the client's video until `end`, retransmissions included.
  private static func withoutVideo(until end: Double, seed: UInt64) -> Scenario {
    var scenario = Scenario()
    scenario.seed = seed
    scenario.sendPicture = { run, frame in
      guard run.now.seconds >= end || !frame.isKeyFrame else { return }
      run.link.client.send(frame, media: ScenarioRun.video, now: run.link.clientNow)
    }
    return scenario
  }

  @Test("B4: a first key frame that is lost is asked for at once, and nothing broken is shown")
  func firstIsLost() throws {
    let report = try Self.withoutVideo(until: 0.4, seed: 700).run()
    let asked = (report.keyFrameRequests.first ?? .distantFuture) - report.mediaStart
    let shown = report.firstPicture(after: 0) - report.mediaStart.seconds
    // The first packets take 30 ms to the server and the request as long back.
    #expect(asked <= .milliseconds(60 + 100))
    #expect(shown <= 1.4)
    #expect(report.pictures.unreadable == 0)
    FigureTable.add(
      "B4", "the first key frame is lost", goal: "asked for within 100 ms",
      "asked for \((asked - .milliseconds(60)).milliseconds.text()) ms after the first packet, shown after "
        + "\((shown * 1_000).text()) ms")
  }

  @Test("B4: while none comes for ten seconds requests go on, ever less often")
  func noneForLong() throws {
    let report = try Self.withoutVideo(until: 10, seed: 710).run()
    let perSecond = report.keyFrameRequestsPerSecond
    let later = report.keyFrameRequests.filter { $0 > .seconds(5) && $0 < .seconds(10) }.count
    #expect(perSecond <= 1)
    // 0.1, 1.1, 2.1, 3.1, 5.1, 7.1, 9.1 and 11.1 s after the first packet.
    #expect((2...3).contains(later))
    #expect(report.pictures.ticks.allSatisfy { $0.time > .seconds(10) || $0.state == .placeholder })
    #expect(report.pictures.unreadable == 0)
    #expect(report.firstPicture(after: 0) <= 12.2)
    #expect(report.longestSilence(report.settled) == 0)
    FigureTable.add(
      "B4", "no key frame for 10 s", goal: "requests ≤ 1/s, placeholder meanwhile",
      "at most \(perSecond) requests in a second, \(later) in the second half, shown "
        + "\(((report.firstPicture(after: 0) - 10) * 1_000).text()) ms after the first that came")
  }
}
