import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("ICE restart")
struct RestartTests {
  @Test("a restart changes all credentials and interrupts nothing")
  func restart() throws {
    var pair = try AddressChangeTests.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(1), client: &up, server: &down)
    pair.run(for: .milliseconds(100))
    let before = pair.server.localUfrag
    let answer = try pair.server.patch(fragment: try pair.client.restartICE())
    let after = pair.server.localUfrag
    #expect(before != after)
    #expect(answer.contains("a=ice-ufrag:\(after)\r\n"))
    let during = pair.server.localUfrags
    #expect(during == [before, after])
    // The answer takes its time; checks and media go on as before.
    pair.play(for: .seconds(4), client: &up, server: &down)
    #expect(try pair.client.patch(fragment: answer).isEmpty)
    pair.play(for: .seconds(2), client: &up, server: &down)
    let names = pair.server.localUfrags
    #expect(names == [after])
    pair.run(for: .seconds(60))
    #expect(pair.clientEvents.connection == [.connected])
    #expect(pair.serverEvents.connection == [.connected])
    let drops = pair.server.statistics.drops.total
    #expect(drops == 0)
    let clientDrops = pair.client.statistics.drops.total
    #expect(clientDrops == 0)
    #expect(pair.serverEvents.audioPackets.count == up.packets.count)
    #expect(pair.clientEvents.audioPackets.count == down.packets.count)
  }

  @Test("a client that changes its network while it restarts goes on within a second of the answer")
  func otherNetwork() throws {
    var pair = try AddressChangeTests.connected()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(1), client: &up, server: &down)
    pair.uplink.conditions.isDown = true
    pair.downlink.conditions.isDown = true
    pair.play(for: .seconds(3), client: &up, server: &down)
    pair.uplink.conditions.isDown = false
    pair.downlink.conditions.isDown = false
    pair.clientAddress = SocketAddress(ipv4: (198, 18, 0, 7), port: 41_000)
    _ = try pair.client.patch(fragment: try pair.server.patch(fragment: try pair.client.restartICE()))
    let heard = (pair.serverEvents.audioPackets.count, pair.clientEvents.audioPackets.count)
    pair.play(for: .seconds(1), client: &up, server: &down)
    #expect(pair.serverEvents.audioPackets.count - heard.0 >= 40)
    #expect(pair.clientEvents.audioPackets.count - heard.1 >= 40)
    #expect(pair.serverEvents.connection == [.connected])
  }

  @Test("a restart whose answer was lost is answered the same again")
  func repeated() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    let request = try pair.client.restartICE()
    let first = try pair.server.patch(fragment: request)
    #expect(try pair.server.patch(fragment: request) == first)
    let names = pair.server.localUfrags.count
    #expect(names == 2)
  }

  @Test("restarts that are given up one after another leave the session as it was, and the last one works")
  func abandoned() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    for _ in 0..<10 { _ = try pair.server.patch(fragment: try pair.client.restartICE()) }
    pair.run(for: .seconds(40))
    #expect(pair.serverEvents.connection == [.connected])
    _ = try pair.client.patch(fragment: try pair.server.patch(fragment: try pair.client.restartICE()))
    pair.run(for: .seconds(40))
    #expect(pair.serverEvents.connection == [.connected])
    #expect(pair.clientEvents.connection == [.connected])
    let names = pair.server.localUfrags.count
    #expect(names == 1)
  }

  @Test("candidates of the first description that come late restart nothing")
  func lateCandidate() throws {
    var pair = try SessionPair.make()
    let offered = pair.client.transport.localICE
    _ = try pair.server.patch(fragment: try pair.client.restartICE())
    let names = pair.server.localUfrags
    let late = """
      a=ice-ufrag:\(offered.ufrag)\r\na=ice-pwd:\(offered.password)\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n\
      a=candidate:1 1 udp 2130706431 192.0.2.9 4 typ host\r\n
      """
    #expect(try pair.server.patch(fragment: late).isEmpty)
    let after = pair.server.localUfrags
    #expect(names == after)
  }
}
