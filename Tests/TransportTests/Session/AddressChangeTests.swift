import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Changes of address")
struct AddressChangeTests {
  static func connected() throws -> SessionPair {
    try SessionPair.make(clientIntents: SessionPair.bothWays, serverIntents: SessionPair.bothWaysBack)
  }

  @Test("when a NAT gives the client a new port, media follows as soon as both a check and media came from there")
  func rebinding() throws {
    var pair = try Self.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(1), client: &up, server: &down)
    pair.clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: 60_000)
    pair.play(for: .seconds(4), client: &up, server: &down)
    pair.run(for: .milliseconds(300))
    let destination = pair.server.transport.destination
    #expect(destination == pair.clientAddress)
    #expect(pair.serverEvents.connection == [.connected])
    let astray = pair.astray.count
    pair.play(for: .seconds(1), client: &up, server: &down)
    #expect(pair.astray.count == astray)
    // Packets from the new address before its first check were not even decrypted.
    #expect(pair.server.statistics.drops[.unknownAddress] > 0)
  }

  @Test("a check from a new address alone moves no media, even if it is valid and nominates")
  func trafficCannon() throws {
    var pair = try Self.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(3), client: &up, server: &down)
    let victim = SocketAddress(ipv4: (203, 0, 113, 80), port: 80)
    let checks = pair.sentByClient.filter { DatagramKind($0.span) == .stun }
    var isNominating = false
    for check in checks {
      if let message = try? read(check), message.useCandidate { isNominating = true }
      let result = pair.inject(check, from: victim)
      #expect(result.outcome == .authenticated)
      #expect(result.answered <= check.count)
    }
    #expect(isNominating)
    for datagram in pair.sentByClient where DatagramKind(datagram.span) != .stun {
      #expect(pair.inject(datagram, from: victim).answered == 0)
    }
    pair.play(for: .seconds(3), client: &up, server: &down)
    let stray = pair.astray.filter { DatagramKind($0.bytes.span) != .stun }
    #expect(stray.isEmpty)
    #expect(pair.clientEvents.videoFrames.count > 170)
  }
}
