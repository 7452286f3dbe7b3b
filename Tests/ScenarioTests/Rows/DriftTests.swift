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
    FigureTable.add(
      "B1", "clock \(partsPerMillion.text()) ppm off, 2 h", goal: "delay within ± 20 ms, nothing cut",
      "delay \(delays.percentile(0).text())…\(delays.percentile(100).text()) ms, \(statistics?.skips ?? 0) cuts, "
        + "\(statistics?.repeats ?? 0) repetitions")
  }

  @Test("B1: sound and picture stay together meanwhile", arguments: [200.0, -200])
  func together(partsPerMillion: Double) throws {
    var scenario = Scenario()
    scenario.seed = 510
    scenario.duration = .seconds(60)
    scenario.clientClock.partsPerMillion = partsPerMillion
    let report = try scenario.run()
    report.expectSkews(report.settled)
    FigureTable.add(
      "B1", "clock \(partsPerMillion.text()) ppm off, with picture", goal: "skew −40…+60 ms",
      report.summary(report.settled))
  }
}
