import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("A network in memory")
struct NetworkItselfTests {
  @Test("loses about as much as it is told to")
  func losesItsShare() {
    var network = BadNetwork(NetworkConditions(loss: 0.2), seed: 1)
    let address = BadNetwork.Datagram(
      bytes: [1], source: .init(ipv4: (1, 1, 1, 1), port: 1), destination: .init(ipv4: (2, 2, 2, 2), port: 2))
    for number in 0..<10_000 { network.send(address, now: .milliseconds(Int64(number))) }
    #expect((1_850...2_150).contains(network.counters.lost))
  }

  @Test("repeats about as much as it is told to, and counts that")
  func repeatsItsShare() {
    var network = BadNetwork(NetworkConditions(duplication: 0.1), seed: 2)
    let datagram = BadNetwork.Datagram(
      bytes: [1], source: .init(ipv4: (1, 1, 1, 1), port: 1), destination: .init(ipv4: (2, 2, 2, 2), port: 2))
    for number in 0..<10_000 { network.send(datagram, now: .milliseconds(Int64(number))) }
    var arrived = 0
    while network.receive(by: .seconds(60)) != nil { arrived += 1 }
    #expect((900...1_100).contains(network.counters.duplicated))
    #expect(arrived == 10_000 + network.counters.duplicated)
  }
}
