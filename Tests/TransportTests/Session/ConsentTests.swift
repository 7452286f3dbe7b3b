import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Consent, silence and ICE restart")
struct ConsentTests {
  @Test("a client that vanishes is called disconnected after 5 s and closed after 30 s")
  func vanished() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.run(until: .seconds(10))
    pair.isClientAlive = false
    let start = pair.now
    #expect(pair.run(for: .seconds(6)) { $0.serverEvents.contains(.disconnected) })
    #expect(pair.now - start <= .seconds(5))
    #expect(pair.now - start >= .milliseconds(2500))
    #expect(pair.run(for: .seconds(40)) { $0.serverEvents.contains(.closed(.consentExpired)) })
    #expect(pair.now - start <= .seconds(30))
    #expect(pair.now - start >= .milliseconds(27_500))
    let deadline = pair.server.nextDeadline
    #expect(deadline == .distantFuture)
  }

  @Test("a client that comes back within consent is connected again without new signaling")
  func cameBack() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.uplink.conditions.loss = 1
    pair.downlink.conditions.loss = 1
    pair.run(for: .seconds(12))
    pair.uplink.conditions.loss = 0
    pair.downlink.conditions.loss = 0
    pair.run(for: .seconds(3))
    #expect(pair.serverEvents.connection == [.connected, .disconnected, .connected])
    #expect(pair.clientEvents.connection == [.connected, .disconnected, .connected])
  }

  @Test("an idle session stays connected for minutes, at 10 % loss too", arguments: [0, 0.1])
  func idle(loss: Double) throws {
    var pair = try SessionPair.make(.init(loss: loss))
    pair.run(for: .seconds(180))
    #expect(pair.clientEvents.connection == [.connected])
    #expect(pair.serverEvents.connection == [.connected])
  }

  @Test("nobody who never connects is kept")
  func neverConnected() throws {
    var pair = try SessionPair.make()
    pair.isClientAlive = false
    pair.run(for: .seconds(31))
    #expect(pair.serverEvents.connection == [.closed(.consentExpired)])
  }

  @Test("a trickled candidate is answered by nothing and restarts nothing")
  func trickle() throws {
    var pair = try SessionPair.make()
    let before = pair.server.localUfrag
    let answer = try pair.server.patch(
      fragment: "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.9 4 typ host\r\n")
    #expect(answer.isEmpty)
    let after = pair.server.localUfrag
    #expect(before == after)
  }

  @Test("closing says goodbye")
  func close() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.client.close(now: pair.now)
    pair.run(for: .seconds(1))
    #expect(pair.clientEvents.connection == [.connected, .closed(.closedLocally)])
    #expect(pair.serverEvents.connection == [.connected, .closed(.closedByPeer)])
  }
}
