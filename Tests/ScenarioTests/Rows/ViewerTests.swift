import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows A1 and A3 on the way to a viewer")
struct ViewerTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var row: String
    var name: String
    var conditions: NetworkConditions
    var testDescription: String { name }
  }

  static let faults = [
    Fault(row: "A1", name: "10 % lost", conditions: .loss(0.1)),
    Fault(row: "A3", name: "jitter of 100 ms", conditions: .usual.with { $0.jitter = .milliseconds(100) }),
  ]

  @Test("A1, A3: what a viewer is sent is repaired on its way as what he sends is", arguments: faults)
  func downlink(_ fault: Fault) throws {
    var scenario = Scenario()
    scenario.seed = 1_600
    scenario.duration = .seconds(60)
    scenario.down = fault.conditions
    var run = try ViewerRun(scenario)
    let report = run.run()
    let span = report.settled
    #expect(report.concealed(span) <= 12)
    #expect(report.heardShare(span) >= 0.8)
    #expect(report.decodedShare >= 95)
    #expect(report.longestFreeze(span) <= 1)
    #expect(report.keyFrameRequestsPerSecond <= 1)
    #expect(report.pictures.unreadable == 0 && report.pictures.failures == 0)
    FigureTable.add(
      fault.row, "to a viewer: \(fault.name)", goal: "concealed ≤ 12 %, decoded ≥ 95 %, freeze ≤ 1 s, ≤ 1 request/s",
      report.summary(span))
  }
}
