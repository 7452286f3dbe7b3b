import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row B1: clocks that run apart")
struct DriftTests {
  @Test(
    "B1: over two hours the delay stays where it was, and no sound is cut or repeated",
    arguments: [200.0, -200])
  func twoHours(partsPerMillion: Double) throws {
    var scenario = Scenario()
    scenario.seed = 500
    scenario.duration = .seconds(7_200)
    scenario.camera = nil
    scenario.clientClock.partsPerMillion = partsPerMillion
    let report = try scenario.run()
    let delays = report.soundDelays(30...7_199)
    let spread = delays.percentile(100) - delays.percentile(0)
    let statistics = report.sound.latest?.statistics
    #expect(delays.count > 12_000)
    #expect(spread <= 40)
    #expect(report.concealed(30...7_199) == 0)
    #expect(statistics?.skips == 0)
    #expect(statistics?.repeats == 0)
    FigureTable.add(
      "B1", "clock \(partsPerMillion.text()) ppm off, 2 h", goal: "delay within ± 20 ms, nothing cut",
      "delay \(delays.percentile(0).text())…\(delays.percentile(100).text()) ms, \(statistics?.skips ?? 0) cuts, "
        + "\(statistics?.repeats ?? 0) repetitions")
  }

  @Test("B1: sound and picture stay together while their clock runs 240 ms away", arguments: [200.0, -200])
  func together(partsPerMillion: Double) throws {
    var scenario = Scenario()
    scenario.seed = 510
    scenario.duration = .seconds(1_200)
    scenario.clientClock.partsPerMillion = partsPerMillion
    let report = try scenario.run()
    let (first, last) = (10.0...70.0, 1_139.0...1_199.0)
    let sound = (report.soundDelays(first).percentile(50), report.soundDelays(last).percentile(50))
    let picture = (report.pictureDelays(first).percentile(50), report.pictureDelays(last).percentile(50))
    report.expectSkews(report.settled, share: 0.9)
    // Whatever the average hides: in the end, too.
    report.expectSkews(last, share: 0.9)
    #expect(abs(sound.1 - sound.0) <= 20)
    #expect(abs(picture.1 - picture.0) <= 40)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.shownShare(report.settled) > 98)
    FigureTable.add(
      "B1", "clock \(partsPerMillion.text()) ppm off, with picture, 20 min", goal: "skew ≤ 40 ms, delays as they were",
      "sound \(sound.0.text()) → \(sound.1.text()) ms, picture \(picture.0.text()) → \(picture.1.text()) ms, "
        + report.summary(report.settled))
  }
}
