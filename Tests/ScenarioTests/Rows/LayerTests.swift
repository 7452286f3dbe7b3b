import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row A1 with simulcast: loss while the layer changes")
struct LayerTests {
  @Test("A1: the programme changes the layer again and again under loss, and loses no more pictures than without")
  func changes() throws {
    var scenario = Scenario()
    scenario.seed = 140
    scenario.duration = .seconds(60)
    scenario.up = .loss(0.1)
    scenario.camera?.size = PixelSize(width: 320, height: 180)
    scenario.camera?.smallLayer = PixelSize(width: 160, height: 90)
    for number in 0..<9 {
      let layer = number % 2 == 0 ? 1 : 0
      scenario.at(10 + 5 * Double(number)) { run in
        run.link.server.selectLayer(media: ScenarioRun.video, layer: layer)
      }
    }
    let report = try scenario.run()
    let span = report.settled
    #expect(report.pictures.sizes.count == 2)
    #expect(report.pictures.failures == 0)
    #expect(report.pictures.unreadable == 0)
    #expect(report.decodedShare >= 95)
    #expect(report.shownShare(span) > 95)
    #expect(report.longestFreeze(span) <= 1)
    #expect(report.longestSilence(span) <= 60)
    #expect(report.keyFrameRequestsPerSecond <= 1)
    report.expectSkews(span)
    FigureTable.add(
      "A1", "10 % lost, a change of layer every 5 s", goal: "as for 10 % without, ≤ 1 request/s", report.summary(span))
  }
}
