import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row A9: another address")
struct AddressTests {
  @Test("A9: when a NAT gives the client another port, media goes on within a moment")
  func rebinding() throws {
    var scenario = Scenario()
    scenario.seed = 400
    scenario.duration = .seconds(20)
    scenario.at(8) { $0.link.clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: 60_000) }
    let report = try scenario.run()
    let silence = report.longestSilence(8...19)
    let freeze = report.longestFreeze(7...19)
    let normal = report.soundDelays(3...8).percentile(50)
    #expect(silence <= 200)
    #expect(freeze <= 1)
    #expect(abs(report.soundDelays(16...19).percentile(50) - normal) <= 20)
    #expect(!report.isClosed)
    FigureTable.add(
      "A9", "the client's port changes", goal: "≤ 1 s without signalling",
      "silence \(silence.text()) ms, freeze \((freeze * 1_000).text()) ms")
  }

  @Test("A9: after a change of network and an ICE restart media goes on")
  func restart() throws {
    var scenario = Scenario()
    scenario.seed = 410
    scenario.duration = .seconds(20)
    scenario.at(8) { run in
      run.link.clientAddress = SocketAddress(ipv4: (203, 0, 113, 9), port: 40_000)
    }
    // The client notices, and the fragment and its answer take their way to the server and back.
    scenario.at(8.3) { run in
      guard let fragment = try? run.link.client.restartICE(),
        let answer = try? run.link.server.patch(fragment: fragment)
      else { return }
      _ = try? run.link.client.patch(fragment: answer)
    }
    let report = try scenario.run()
    let silence = report.longestSilence(8...19)
    let freeze = report.longestFreeze(7...19)
    #expect(silence <= 1_000)
    #expect(freeze <= 2)
    #expect(!report.isClosed)
    FigureTable.add(
      "A9", "another network, ICE restart after 300 ms", goal: "≤ 3 s",
      "silence \(silence.text()) ms, freeze \((freeze * 1_000).text()) ms")
  }
}
