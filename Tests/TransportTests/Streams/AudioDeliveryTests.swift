import MixCore
import Testing

@testable import Transport

@Suite("Audio over a bad network")
struct AudioDeliveryTests {
  static func stream(_ wire: inout Wire, packets: Int, origin: MediaTime) {
    var packetizer = OpusPacketizer(timeOrigin: origin)
    for index in 0..<packets {
      let packet = EncodedPacket(
        track: .audio(.opus), data: [0x78, UInt8(truncatingIfNeeded: index)], time: wire.now - origin,
        duration: .milliseconds(20), isKeyFrame: true)
      wire.send(packetizer.packetize(packet), media: 0)
      wire.run(.milliseconds(20))
    }
  }

  @Test("Packets are delivered once each, at once, numbered without wraps", arguments: [1, 2] as [UInt64])
  func numbering(seed: UInt64) {
    var wire = Wire(seed: seed)
    wire.network = .init(duplicates: 0.2, delay: .milliseconds(5), jitter: .milliseconds(60))
    // The 32-bit timestamp wraps on the way.
    Self.stream(&wire, packets: 200, origin: wire.now - MediaTime(count: (1 << 32) - 48_000, rate: 48_000))
    wire.run(.milliseconds(200))
    let inOrder = wire.audioPackets.sorted { $0.sequence < $1.sequence }
    #expect(inOrder.map(\.payload) == (0..<200).map { [0x78, UInt8($0)] })
    for (one, next) in zip(inOrder, inOrder.dropFirst()) {
      #expect(next.sequence == one.sequence + 1)
      #expect(next.timestamp == one.timestamp + 960)
    }
    #expect(wire.audioPackets.map(\.sequence) != inOrder.map(\.sequence))
    let jitter = wire.receiver.statistics(media: 0).jitter
    #expect(jitter > .milliseconds(5) && jitter < .milliseconds(60))
  }

  @Test("Lost packets are asked for again where NACK was agreed")
  func retransmission() {
    var wire = Wire(seed: 5)
    wire.network = .init(loss: 0.1, delay: .milliseconds(15))
    Self.stream(&wire, packets: 300, origin: wire.now)
    wire.run(.milliseconds(500))
    #expect(wire.audioPackets.count >= 297)
    #expect(wire.receiver.statistics(media: 0).nacksSent > 10)
  }

  @Test("Sound is not asked for again where it would come too late")
  func longRoundTrip() {
    var wire = Wire(seed: 5)
    wire.network = .init(delay: .milliseconds(150))
    Self.stream(&wire, packets: 150, origin: wire.now)
    let before = wire.receiver.statistics(media: 0).nacksSent
    wire.network.loss = 0.1
    Self.stream(&wire, packets: 200, origin: wire.now)
    #expect(wire.receiver.roundTripTime ?? .zero > .milliseconds(290))
    #expect(wire.receiver.statistics(media: 0).nacksSent == before)
  }

  @Test("Sound sent again in RTX form takes its place, once, where that was agreed")
  func repair() {
    var media = Wire.media(.receive, codec: .vp8, rtx: true)[0]
    media.rtxPayloadType = 112
    var stream = ReceiveStream(media: media, index: 0)
    var clock = CaptureClock(clockRates: [48_000])
    var outputs: [MediaOutput] = []
    var forwards = ForwardQueue()
    let packets: [(type: UInt8, sequence: UInt16, payload: [UInt8])] = [
      (111, 5, [1]), (111, 7, [3]), (112, 900, [0, 6, 2]), (112, 901, [0, 6, 2]), (112, 902, [0]), (112, 903, []),
    ]
    for packet in packets {
      let header = RTPHeader(
        marker: false, payloadType: packet.type, sequence: packet.sequence, timestamp: 960, ssrc: 10)
      unsafe packet.payload.withUnsafeBytes { bytes in
        _ = unsafe stream.receive(
          header: header, payload: bytes, arrival: .seconds(1), clock: &clock, outputs: &outputs, forwards: &forwards)
      }
    }
    let received = outputs.compactMap { if case .audioPacket(_, let packet) = $0 { packet } else { nil } }
    #expect(received.map(\.payload) == [[1], [3], [2]])
    #expect(received.map(\.sequence) == [5, 7, 6])
    #expect(stream.statistics.packetsRecovered == 1)
  }

  @Test("The audio level comes along, padding does not")
  func levels() {
    var map = HeaderExtensionMap()
    map[.audioLevel] = 9
    var media = Wire.media(.receive, codec: .vp8, rtx: true)[0]
    media.extensions = map
    var stream = ReceiveStream(media: media, index: 0)
    var clock = CaptureClock(clockRates: [48_000])
    var outputs: [MediaOutput] = []
    var forwards = ForwardQueue()
    var header = RTPHeader(marker: false, payloadType: 111, sequence: 5, timestamp: 960, ssrc: 10)
    header.extensions.audioLevel = 30
    for payload in [[1, 2], []] as [[UInt8]] {
      unsafe payload.withUnsafeBytes { bytes in
        _ = unsafe stream.receive(
          header: header, payload: bytes, arrival: .seconds(1), clock: &clock, outputs: &outputs, forwards: &forwards)
      }
      header.sequence += 1
    }
    #expect(outputs.count == 1)
    guard case .audioPacket(_, let packet) = outputs.first else { return }
    #expect(packet.audioLevel == 30)
  }
}
