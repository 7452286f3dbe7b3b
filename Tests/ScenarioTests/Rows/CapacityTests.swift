import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row A5: a path that becomes narrow and wide again")
struct CapacityTests {
  private static func wide(_ bitrate: Int) -> NetworkConditions {
    .usual.with {
      $0.rate = bitrate
      $0.queue = .milliseconds(200)
    }
  }

  @Test("A5: the client follows the path down and up, and its sound is never lost")
  func narrow() throws {
    var scenario = Scenario()
    scenario.seed = 1_300
    scenario.duration = .seconds(75)
    scenario.adapts = true
    scenario.camera?.size = PixelSize(width: 320, height: 180)
    scenario.camera?.bitrate = 900_000
    scenario.up = Self.wide(1_000_000)
    scenario.at(20, up: Self.wide(300_000))
    scenario.at(45, up: Self.wide(1_000_000))
    var waits: [Double] = []
    for tenth in 260..<450 {
      scenario.at(Double(tenth) / 10) { waits.append($0.link.uplink.wait(at: $0.now).milliseconds) }
    }
    let report = try scenario.run()
    let fallen = report.secondsUntilRate(after: 20) { $0 <= 300_000 }
    let risen = report.secondsUntilRate(after: 45) { $0 >= 700_000 }
    #expect(fallen <= 5)
    #expect(risen <= 20)
    // Several packets in a row go with the full queue, before anybody can know; what is made up for them fades out.
    #expect(report.longestSilence(report.settled) <= 60)
    #expect(report.concealed(report.settled) <= 2)
    // Of the 200 ms that could.
    #expect(waits.percentile(50) <= 60)
    #expect(report.soundDelays(report.settled).percentile(50) <= 260)
    let calm = (report.soundDelays(15...20).percentile(50), report.soundDelays(68...74).percentile(50))
    #expect(calm.1 - calm.0 <= 40)
    FigureTable.add(
      "A5", "1 Mb/s → 300 kb/s → 1 Mb/s, queue 200 ms", goal: "≤ 300 kb/s in 5 s, ≥ 700 kb/s in 20 s, no sound lost",
      "down after \(fallen.text(1)) s, up after \(risen.text(1)) s, \(report.summary(report.settled)), sound "
        + "\(calm.0.text()) → \(report.soundDelays(30...45).percentile(50).text()) → \(calm.1.text()) ms, "
        + "queue \(waits.percentile(50).text()) ms, 95 % below \(waits.percentile(95).text()) ms")
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var conditions: NetworkConditions
    var testDescription: String { name }
  }

  static let faults = [
    Fault(name: "5 % lost", conditions: .loss(0.05)), Fault(name: "10 % lost", conditions: .loss(0.1)),
    Fault(name: "jitter of 30 ms", conditions: .usual.with { $0.jitter = .milliseconds(30) }),
    Fault(name: "jitter of 100 ms", conditions: .usual.with { $0.jitter = .milliseconds(100) }),
  ]

  @Test("a client that follows its estimate goes on sending through loss and jitter", arguments: faults)
  func adaptiveSender(_ fault: Fault) throws {
    var scenario = Scenario()
    scenario.seed = 1_310
    scenario.duration = .seconds(120)
    scenario.adapts = true
    scenario.at(8, up: fault.conditions)
    let report = try scenario.run()
    let span = 15.0...119.0
    #expect(report.longestSilence(span) <= 60)
    #expect(report.framesPerSecond(span) >= 14)
    let rate = report.wire.bitrate(from: .seconds(15), to: .seconds(119)) / 1_000
    FigureTable.add(
      "–", "adaptive client, \(fault.name)", goal: "≥ 14 pictures/s, sound whole",
      "\(rate.text()) kb/s sent, \(report.summary(span))")
  }
}
