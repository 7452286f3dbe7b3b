import MixCore
import Testing

@testable import Transport

@Suite("DTLS")
struct DTLSConnectionTests {
  static func client() throws -> DTLSConnection {
    let identities = try #require(SessionPair.identities)
    return try DTLSConnection(
      identity: identities.client, isClient: true, expecting: fingerprint(identities.server))
  }

  static func server() throws -> DTLSConnection {
    let identities = try #require(SessionPair.identities)
    return try DTLSConnection(
      identity: identities.server, isClient: false, expecting: fingerprint(identities.client))
  }

  static func fingerprint(_ identity: DTLSIdentity) throws -> CertificateFingerprint {
    CertificateFingerprint(bytes: try #require(RemoteTransport.parseFingerprint("sha-256 " + identity.fingerprint)))
  }

  static func deliver(_ datagrams: [[UInt8]], to connection: inout DTLSConnection, now: MediaTime = .zero) {
    for datagram in datagrams {
      unsafe datagram.withUnsafeBytes { unsafe connection.receive($0, now: now) }
    }
  }

  /// Passes datagrams to and fro until both are silent.
  static func finish(_ client: inout DTLSConnection, _ server: inout DTLSConnection, now: MediaTime = .zero) {
    client.start(now: now)
    while true {
      let (up, down) = (client.takeOutgoing(), server.takeOutgoing())
      if up.isEmpty && down.isEmpty { return }
      deliver(up, to: &server, now: now)
      deliver(down, to: &client, now: now)
    }
  }

  @Test("both sides export the same keys, and none before the end of the handshake")
  func keys() throws {
    var client = try Self.client()
    var server = try Self.server()
    client.start(now: .zero)
    let before = (client.exportKeys(), server.exportKeys())
    #expect(before.0 == nil && before.1 == nil)
    Self.finish(&client, &server)
    let states = (client.state, server.state)
    #expect(states.0 == .connected && states.1 == .connected)
    let keys = (client.exportKeys(), server.exportKeys())
    #expect(keys.0 == keys.1)
    #expect(keys.0?.profile == .aes128GCM)
    #expect(keys.0?.client != keys.0?.server)
  }

  @Test("no datagram is larger than 1200 bytes")
  func size() throws {
    var client = try Self.client()
    var server = try Self.server()
    client.start(now: .zero)
    for _ in 0..<6 {
      let (up, down) = (client.takeOutgoing(), server.takeOutgoing())
      #expect((up + down).allSatisfy { $0.count <= 1200 })
      Self.deliver(up, to: &server)
      Self.deliver(down, to: &client)
    }
    let state = client.state
    #expect(state == .connected)
  }

  @Test("a flight is sent again after 250, 500, 1000, … ms, until the handshake is given up after 30 s")
  func retransmission() throws {
    var client = try Self.client()
    client.start(now: .zero)
    let first = client.takeOutgoing()
    #expect(first.count == 1)
    var times: [Double] = []
    while client.nextDeadline < .distantFuture {
      let now = client.nextDeadline
      client.advance(to: now)
      if client.takeOutgoing() == first { times.append(now.seconds) }
    }
    #expect(times.prefix(5) == [0.25, 0.75, 1.75, 3.75, 6.75])
    let state = client.state
    #expect(state == .closed(.handshakeTimeout))
  }

  @Test("garbage and cut records change nothing")
  func garbage() throws {
    var client = try Self.client()
    var server = try Self.server()
    client.start(now: .zero)
    let hello = client.takeOutgoing()
    var random = RandomSource.seeded(state: 1)
    for count in 0..<200 {
      let noise = [22, 254, 253] + (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      Self.deliver([noise], to: &server)
    }
    for count in stride(from: 1, to: hello[0].count, by: 7) {
      Self.deliver([Array(hello[0].prefix(count))], to: &server)
    }
    _ = server.takeOutgoing()
    Self.deliver(hello, to: &server)
    Self.finish(&client, &server)
    let state = server.state
    #expect(state == .connected)
  }

  @Test("an older protocol version is refused")
  func oldVersion() throws {
    var client = try Self.client()
    var server = try Self.server()
    client.start(now: .zero)
    var hello = client.takeOutgoing()[0]
    // client_version of the ClientHello behind the record header (13) and the handshake header (12): DTLS 1.0.
    hello[26] = 0xff
    Self.deliver([hello], to: &server)
    let state = server.state
    #expect(state == .closed(.handshakeFailed))
  }

  @Test("a hello without a cipher suite ends the handshake of whoever lets it in")
  func nullCipher() throws {
    var server = try Self.server()
    Self.deliver([try StrangerTests.nullHello()], to: &server)
    let state = server.state
    #expect(state == .closed(.handshakeFailed))
  }

  @Test("a close is noticed by the other side")
  func goodbye() throws {
    var client = try Self.client()
    var server = try Self.server()
    Self.finish(&client, &server)
    client.close(now: .zero)
    Self.deliver(client.takeOutgoing(), to: &server)
    let state = server.state
    #expect(state == .closed(.closedByPeer))
  }
}
