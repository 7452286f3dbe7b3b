import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Changes of address")
struct AddressChangeTests {
  static func connected() throws -> SessionPair {
    try SessionPair.make(clientIntents: SessionPair.bothWays, serverIntents: SessionPair.bothWaysBack)
  }

  @Test("when a NAT gives the client a new port, its media arrives on and ours follows within a second")
  func rebinding() throws {
    var pair = try Self.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(3), client: &up, server: &down)
    let heard = pair.serverEvents.audioPackets.count
    pair.clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: 60_000)
    pair.play(for: .seconds(1), client: &up, server: &down)
    let destination = pair.server.destination
    #expect(destination == pair.clientAddress)
    // Not one packet less than without the change.
    #expect(pair.serverEvents.audioPackets.count - heard >= 49)
    #expect(pair.serverEvents.connection == [.connected])
    let astray = pair.astray.count
    pair.play(for: .seconds(1), client: &up, server: &down)
    #expect(pair.astray.count == astray)
  }

  @Test("media alone, without a check from the new address, moves nothing")
  func mediaWithoutCheck() throws {
    var pair = try Self.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(1), client: &up, server: &down)
    let home = pair.clientAddress
    // A short while, in which the client has no reason to check.
    pair.clientAddress = SocketAddress(ipv4: (203, 0, 113, 80), port: 80)
    pair.play(for: .milliseconds(300), client: &up, server: &down)
    let destination = pair.server.destination
    #expect(destination == home)
    pair.clientAddress = home
    pair.play(for: .seconds(1), client: &up, server: &down)
    let stray = pair.astray.filter { $0.destination != home }
    #expect(stray.isEmpty)
  }

  @Test("eight changes in a row lose nothing but the second after each")
  func manyRebindings() throws {
    var pair = try Self.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    for port in 60_000..<60_012 as Range<UInt16> {
      pair.clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: port)
      pair.play(for: .seconds(2), client: &up, server: &down)
      let destination = pair.server.destination
      #expect(destination == pair.clientAddress)
    }
    #expect(pair.serverEvents.connection == [.connected])
    let lost = up.packets.count - pair.serverEvents.audioPackets.count
    #expect(lost <= 2)
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
