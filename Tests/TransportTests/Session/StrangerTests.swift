import MixCore
import Testing

@testable import Transport

@Suite("Strangers and damaged datagrams")
struct StrangerTests {
  let stranger = SocketAddress(ipv4: (203, 0, 113, 66), port: 6666)

  static func clientHello() throws -> [UInt8] {
    var client = try DTLSConnectionTests.client()
    client.start(now: .zero)
    return try #require(client.takeOutgoing().first)
  }

  /// With TLS_NULL_WITH_NULL_NULL as its only cipher suite, which ends a handshake.
  static func nullHello() throws -> [UInt8] {
    var hello = try clientHello()
    // Behind both headers (25), version (2), random (32), empty session id (1) and cookie (1): the length of the list.
    let list = 61
    let count = Int(hello[list]) << 8 | Int(hello[list + 1])
    for index in 0..<count { hello[list + 2 + index] = 0 }
    return hello
  }

  @Test("a stranger's ClientHello during the handshake has no effect and no answer", arguments: [1, 2, 3] as [UInt64])
  func helloDuringHandshake(seed: UInt64) throws {
    let hellos = [try Self.clientHello(), try Self.nullHello()]
    var pair = try SessionPair.make(seed: seed)
    while !pair.isConnected, pair.now < .seconds(2) {
      for hello in hellos {
        let result = pair.inject(hello, from: stranger)
        #expect(result.outcome == .dropped(.unknownAddress))
        #expect(result.answered == 0)
      }
      pair.run(for: .milliseconds(10))
    }
    let isQuick = pair.isConnected && pair.now < .milliseconds(300)
    #expect(isQuick)
  }

  @Test("a ClientHello after the handshake has no effect, not even from the client's own address")
  func helloAfterHandshake() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    for hello in [try Self.clientHello(), try Self.nullHello()] {
      for source in [stranger, pair.clientAddress] {
        for _ in 0..<20 { _ = pair.inject(hello, from: source) }
      }
    }
    pair.run(for: .seconds(20))
    #expect(pair.clientEvents.connection == [.connected])
    #expect(pair.serverEvents.connection == [.connected])
  }

  @Test("plain RTP and RTCP are refused from anywhere", arguments: [true, false])
  func plainMedia(fromClient: Bool) throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    let source = fromClient ? pair.clientAddress : stranger
    for type in [96, 111, 200, 201, 205, 206] as [UInt8] {
      let packet = [0x80, type, 0, 1] + [UInt8](repeating: 1, count: 80)
      #expect(
        pair.inject(packet, from: source).outcome == .dropped(fromClient ? .notAuthentic : .unknownAddress))
    }
  }

  @Test("a hundred thousand random datagrams from anywhere stop nothing")
  func garbage() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var random = RandomSource.seeded(state: 99)
    let firstBytes: [UInt8] = [0, 1, 20, 22, 23, 128, 144, 160, 191, 255]
    var answered = 0
    for count in 0..<100_000 {
      var noise: [UInt8] = [firstBytes[count % firstBytes.count]]
      let length = Int(random.next() % 80)
      while noise.count < length {
        let word = random.next()
        for shift in 0..<8 { noise.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
      }
      let source = count % 2 == 0 ? pair.clientAddress : stranger
      answered += pair.inject(noise, from: source).answered
    }
    #expect(answered == 0)
    pair.run(for: .seconds(10))
    #expect(pair.serverEvents.connection == [.connected])
    #expect(pair.clientEvents.connection == [.connected])
  }

  @Test("recorded datagrams, cut and changed, stop nothing")
  func mutations() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(10)) { $0.now >= .seconds(8) })
    var random = RandomSource.seeded(state: 5)
    let recorded = pair.sentByClient
    for _ in 0..<5000 {
      var datagram = recorded[Int(random.next() % UInt64(recorded.count))]
      for _ in 0...(random.next() % 3) {
        datagram[Int(random.next() % UInt64(datagram.count))] ^= UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 4 == 0 { datagram.removeLast(Int(random.next() % UInt64(datagram.count))) }
      _ = pair.inject(datagram, from: random.next() % 2 == 0 ? pair.clientAddress : stranger)
    }
    pair.run(for: .seconds(10))
    #expect(pair.serverEvents.connection == [.connected])
    #expect(pair.clientEvents.connection == [.connected])
  }
}
