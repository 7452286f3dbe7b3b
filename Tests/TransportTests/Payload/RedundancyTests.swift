import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Audio redundancy (RFC 2198)")
struct RedundancyTests {
  static func parse(_ payload: [UInt8]) -> (blocks: [(distance: Int, offset: UInt16, data: [UInt8])], primary: [UInt8])?
  {
    unsafe payload.withUnsafeBytes { bytes in
      guard let red = unsafe RedundantPayload(bytes, primaryType: 111) else { return nil }
      return (
        red.map { (distance: $0.distance, offset: $0.timestampOffset, data: Array(payload[$0.range])) },
        Array(payload[red.primary])
      )
    }
  }

  static func packet(_ number: Int) -> EncodedPacket {
    EncodedPacket(
      track: .audio(.opus), data: [0x78, UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)],
      time: .milliseconds(20) * Int64(number), duration: .milliseconds(20), isKeyFrame: true)
  }

  @Test("Each packet repeats the two before it, oldest first")
  func roundTrip() throws {
    var packetizer = OpusPacketizer(redundancy: 2)
    let frames = (0..<4).map { packetizer.packetize(Self.packet($0)) }
    let parsed = try #require(Self.parse(frames[3].bytes))
    #expect(parsed.blocks.map(\.distance) == [2, 1])
    #expect(parsed.blocks.map(\.offset) == [1920, 960])
    #expect(parsed.blocks.map(\.data) == [[0x78, 1, 0], [0x78, 2, 0]])
    #expect(parsed.primary == [0x78, 3, 0])
    #expect(frames[3].primaryOffset.map { Array(frames[3].bytes[$0...]) } == [0x78, 3, 0])
    #expect(try #require(Self.parse(frames[0].bytes)).blocks.isEmpty)
  }

  @Test("Blocks of other codecs are passed over, and keep their place")
  func otherCodecs() throws {
    let payload: [UInt8] = [0x80 | 13, 0x1e, 0x00, 0x01, 0x80 | 111, 0x0f, 0x00, 0x02, 111, 9, 7, 8, 1]
    let parsed = try #require(Self.parse(payload))
    #expect(parsed.blocks.map(\.data) == [[], [7, 8]])
    #expect(parsed.blocks.map(\.distance) == [2, 1])
    #expect(parsed.primary == [1])
  }

  @Test(
    "Payloads that make no sense are refused",
    arguments: [
      [], [111], [0x80 | 111], [0x80 | 111, 0x0f, 0, 2], [0x80 | 111, 0x0f, 0, 2, 111, 1, 2],
      [0x80 | 111, 0x0f, 0x03, 0xff, 111, 1, 2, 3], [0x80 | 111, 0, 0, 1, 111, 1, 2], [63, 1, 2],
      [0x80 | 111, 0x0f, 0, 1, 0x80 | 111, 0x1e, 0, 1, 111, 1, 2, 3],
      [UInt8](repeating: 0xff, count: 400), (0..<9).flatMap { [0xef, 0x7f - $0 * 8, 0, 0] } + [111, 1],
    ] as [[UInt8]])
  func hostile(payload: [UInt8]) { #expect(Self.parse(payload) == nil) }

  /// Sends packets of the client to the server; answers them by what was received.
  static func play(_ pair: inout SessionPair, packets: Int, redundancy: Int = 2) {
    var packetizer = OpusPacketizer(redundancy: redundancy)
    let begin = pair.now
    for number in 0..<packets {
      pair.client.send(packetizer.packetize(packet(number)), media: 0, now: pair.now)
      pair.run(until: begin + .milliseconds(20) * Int64(number + 1))
    }
    pair.run(for: .milliseconds(500))
  }

  @Test("Without NACK, two packets of redundancy recover what random loss of 10 % takes", arguments: [1, 2])
  func recovery(seed: UInt64) throws {
    var pair = try SessionPair.make(
      seed: seed, clientIntents: [SessionPair.sending[0]], serverIntents: [SessionPair.receiving[0]],
      editOffer: { $0.replacing("a=rtcp-fb:111 nack\r\n", with: "") })
    #expect(pair.server.media[0].redPayloadType == 63)
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.uplink.conditions.loss = 0.1
    Self.play(&pair, packets: 1000)
    let received = pair.serverEvents.audioPackets
    #expect(received.count > 990)
    #expect(received.count(where: \.isRedundant) > 60)
    #expect(Set(received.map(\.sequence)).count == received.count)
    let first = try #require(received.first)
    for one in received {
      let number = Int(one.payload[1]) | Int(one.payload[2]) << 8
      let base = Int(first.payload[1]) | Int(first.payload[2]) << 8
      #expect(one.sequence - first.sequence == Int64(number - base))
      #expect(one.timestamp - first.timestamp == Int64(number - base) * 960)
      #expect(one.captureTime <= one.arrival)
    }
  }

  @Test("Who did not agree to redundancy gets the newest packet alone, and what it recovered as packets of its own")
  func forwarding() throws {
    var host = try SessionPair.make(
      seed: 3, clientIntents: [SessionPair.sending[0]], serverIntents: [SessionPair.receiving[0]],
      editOffer: { $0.replacing("a=rtcp-fb:111 nack\r\n", with: "") })
    #expect(host.run(for: .seconds(2)) { $0.isConnected })
    host.server.setForwarding(true)
    for agreed in [false, true] {
      var viewer = try SessionPair.make(
        seed: 4, clientIntents: [SessionPair.receiving[0]], serverIntents: [SessionPair.sending[0]],
        editOffer: { agreed ? $0 : $0.replacing(" 63\r\n", with: "\r\n") })
      #expect((viewer.server.media[0].redPayloadType != nil) == agreed)
      #expect(viewer.run(for: .seconds(2)) { $0.isConnected })
      host.uplink.conditions.loss = 0.1
      Self.play(&host, packets: 100)
      let queue = host.server.forwards
      for packet in queue.packets { viewer.server.forward(packet, in: queue, media: 0, now: viewer.now) }
      host.server.forwards.removeAll()
      viewer.run(for: .milliseconds(200))
      let received = viewer.clientEvents.audioPackets
      #expect(received.count >= 98)
      #expect(received.allSatisfy { $0.payload.count == 3 && $0.payload[0] == 0x78 })
      let numbers = received.sorted { $0.sequence < $1.sequence }.map { $0.payload[1] }
      #expect(numbers == numbers.sorted())
    }
  }

  /// Sends packets of the server to a viewer; answers what he received meanwhile.
  static func watch(_ pair: inout SessionPair, from first: Int, packets: Int) -> [ReceivedAudioPacket] {
    var packetizer = OpusPacketizer(redundancy: 1)
    let seen = pair.clientEvents.audioPackets.count
    let begin = pair.now
    for number in first..<(first + packets) {
      pair.server.send(packetizer.packetize(packet(number)), media: 0, now: pair.now)
      pair.run(until: begin + .milliseconds(20) * Int64(number - first + 1))
    }
    pair.run(for: .milliseconds(500))
    return Array(pair.clientEvents.audioPackets.dropFirst(seen))
  }

  @Test("A viewer gets each packet twice as long as his path loses some, whatever number he gave to Opus")
  func viewer() throws {
    var pair = try SessionPair.make(
      seed: 6, clientIntents: [SessionPair.receiving[0]], serverIntents: [SessionPair.sending[0]],
      editOffer: { $0.replacing("111", with: "109") })
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    let bytes = pair.server.statistics.media[0].bytesSent
    let before = Self.watch(&pair, from: 0, packets: 200)
    #expect(before.count == 200)
    // Three bytes each, nothing of the ones before.
    #expect(pair.server.statistics.media[0].bytesSent - bytes == 600)
    pair.downlink.conditions.loss = 0.1
    _ = Self.watch(&pair, from: 200, packets: 500)
    let during = Self.watch(&pair, from: 700, packets: 1000)
    #expect(during.count > 970)
    #expect(during.count(where: \.isRedundant) > 60)
    #expect(during.allSatisfy { $0.payload.count == 3 && $0.payload[0] == 0x78 })
    pair.downlink.conditions.loss = 0
    _ = Self.watch(&pair, from: 1700, packets: 900)
    let calm = pair.server.statistics.media[0].bytesSent
    _ = Self.watch(&pair, from: 2600, packets: 100)
    #expect(pair.server.statistics.media[0].bytesSent - calm == 300)
  }

  @Test("Where the path has no room for the sound twice it goes out once")
  func narrow() {
    var protection = SoundProtection()
    #expect(!protection.isNeeded(available: nil, now: .seconds(1)))
    protection.note(loss: 0.01, now: .seconds(1))
    #expect(!protection.isNeeded(available: nil, now: .seconds(1)))
    protection.note(loss: 0.02, now: .seconds(1))
    #expect(protection.isNeeded(available: nil, now: .seconds(10)))
    #expect(!protection.isNeeded(available: 399_000, now: .seconds(10)))
    #expect(!protection.isNeeded(available: nil, now: .seconds(11)))
  }

  @Test("A sender whose peer has no redundancy sends plain packets")
  func fallback() throws {
    var pair = try SessionPair.make(
      seed: 5, clientIntents: [SessionPair.sending[0]], serverIntents: [SessionPair.receiving[0]],
      editOffer: { $0.replacing(" 63\r\n", with: "\r\n") })
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    Self.play(&pair, packets: 20)
    #expect(pair.serverEvents.audioPackets.count == 20)
    #expect(pair.serverEvents.audioPackets.allSatisfy { $0.payload.count == 3 && !$0.isRedundant })
    #expect(pair.server.statistics.drops.total == 0)
  }

  @Test("The answer to a browser lists redundancy before Opus where we receive, behind it where we send")
  func answer() throws {
    let (negotiated, answer) = try NegotiationTests.answer(
      OfferFixtures.chromium(direction: "sendonly"), NegotiationTests.publish)
    #expect(answer.media[0].formats == ["63", "111"])
    #expect(answer.media[0].attributes.all("fmtp").contains("63 111/111"))
    #expect(negotiated.media[0].payloadType == 111 && negotiated.media[0].redPayloadType == 63)
    let (_, watched) = try NegotiationTests.answer(
      OfferFixtures.chromium(direction: "recvonly", recvOnly: true), NegotiationTests.watch)
    #expect(watched.media[0].formats == ["111", "63"])
  }
}
