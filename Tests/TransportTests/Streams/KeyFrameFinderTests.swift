import MixCore
import Testing

@testable import Transport

/// What somebody is handed of an H.264 stream who waits for a key frame.
@Suite("Key frames of a forwarded source")
struct KeyFrameFinderTests {
  typealias Feed = H264ReceptionTests.Feed

  private static func feed() -> Feed {
    var feed = Feed()
    feed.forwards.isEnabled = true
    return feed
  }

  /// The queue as it is for who waits: from each start on, what was not handed to him before.
  private static func handedOn(_ feed: Feed) -> [ForwardQueue.Packet] {
    let packets = feed.forwards.packets
    guard let start = packets.firstIndex(where: \.isKeyFrameStart) else { return [] }
    let others = packets[(start + 1)...].prefix { !$0.isKeyFrameStart }
    return [packets[start]] + others
  }

  private static func payload(_ packet: ForwardQueue.Packet, of feed: Feed) -> [UInt8] {
    Array(feed.forwards.bytes[packet.payloadOffset..<(packet.payloadOffset + packet.payloadLength)])
  }

  private static func numbers(_ packets: [ForwardQueue.Packet]) -> [UInt16] {
    packets.map { $0.sequence &- (packets.first?.sequence ?? 0) }
  }

  @Test("Parameter sets before every picture begin nothing, those before an IDR picture do", arguments: [false, true])
  func repeatedParameters(aggregated: Bool) {
    var feed = Self.feed()
    for _ in 0..<20 { feed.send(isKeyFrame: false, aggregated: aggregated, hasParameters: true) }
    #expect(!feed.forwards.packets.contains { $0.isKeyFrameStart || $0.isRepeated })
    feed.send(isKeyFrame: true, aggregated: aggregated)
    for _ in 0..<20 { feed.send(isKeyFrame: false, aggregated: aggregated, hasParameters: true) }
    #expect(feed.forwards.packets.count(where: \.isKeyFrameStart) == 1)
    let packets = Self.handedOn(feed)
    #expect(Self.payload(packets[0], of: feed)[0] == (aggregated ? 0x78 : 0x67))
    #expect(Self.numbers(packets) == Array(0..<UInt16(packets.count)))
    // Only parameter sets came before it was known.
    #expect(feed.forwards.packets.count(where: \.isRepeated) == (aggregated ? 1 : 2))
  }

  @Test("A key frame in one packet with its parameter sets begins with it", arguments: [5, 1] as [UInt8])
  func singlePacket(type: UInt8) {
    let (sps, pps) = (H264ReceptionTests.sps, H264ReceptionTests.pps)
    let slice: [UInt8] = [0x60 | type, 1, 2, 3]
    var payload: [UInt8] = [0x78]
    for unit in [sps, pps, slice] { payload += [0, UInt8(unit.count)] + unit }
    let summary = unsafe payload.withUnsafeBytes { unsafe PayloadSummary($0, codec: .h264) }
    #expect(summary?.isKeyFrame == (type == 5))
    #expect(summary?.startsFrame == true && summary?.holdsOnlyParameters == false)
  }

  @Test("Sequence parameters that come late, a few frames behind their picture, begin it for who waits")
  func lateParameters() {
    var feed = Self.feed()
    feed.send(isKeyFrame: false)
    feed.send(isKeyFrame: true) { Array($0.dropFirst()) }
    for _ in 0..<5 { feed.send(isKeyFrame: false) }
    #expect(!feed.forwards.packets.contains { $0.isKeyFrameStart || $0.isRepeated })
    let before = feed.forwards.packets.count
    feed.receiveLeftOut()
    let packets = Self.handedOn(feed)
    #expect(Self.payload(packets[0], of: feed) == H264ReceptionTests.sps)
    #expect(!packets[0].isRepeated && packets.dropFirst().allSatisfy(\.isRepeated))
    #expect(Self.numbers(packets) == Array(0..<UInt16(packets.count)))
    #expect(feed.forwards.packets.count == before + packets.count)
    // Parameter sets, three packets of the picture, five frames of three packets.
    #expect(packets.count == 2 + 3 + 15)
  }

  @Test("Whatever the order of a key frame's packets, it begins with the first, and once", arguments: [false, true])
  func anyOrder(aggregated: Bool) {
    for order in [[2, 0, 1, 3], [3, 2, 1, 0], [1, 3, 0, 2], [0, 3, 2, 1]] {
      var feed = Self.feed()
      feed.send(isKeyFrame: false)
      feed.send(isKeyFrame: true, aggregated: aggregated) { indices in
        order.filter { indices.contains($0) } + indices.filter { !order.contains($0) }
      }
      feed.send(isKeyFrame: false)
      let packets = Self.handedOn(feed)
      #expect(feed.forwards.packets.count(where: \.isKeyFrameStart) == 1)
      #expect(Set(packets.map(\.sequence)).count == packets.count)
      #expect(packets.count == (aggregated ? 4 : 5) + 3)
      #expect(packets.allSatisfy { $0.sequence.distance(since: packets[0].sequence) >= 0 })
    }
  }

  @Test("Without parameter sets in front a key frame begins once the end of the frame before is there")
  func bareKeyFrame() {
    var feed = Self.feed()
    feed.send(isKeyFrame: false) { $0.dropLast() }
    feed.send(isKeyFrame: true, hasParameters: false)
    #expect(!feed.forwards.packets.contains { $0.isKeyFrameStart })
    feed.receiveLeftOut()
    let packets = Self.handedOn(feed)
    #expect(packets.count == 3 && packets.allSatisfy(\.isRepeated))
    #expect(feed.forwards.packets.count == 2 + 3 + 1 + 3)
  }

  @Test("Of a key frame of 300 packets the first may come 60 ms late")
  func largeKeyFrame() {
    var feed = Self.feed()
    feed.send(isKeyFrame: false)
    feed.size = 330_000
    feed.send(isKeyFrame: true) { Array($0.dropFirst()) }
    feed.size = 3000
    feed.send(isKeyFrame: false)
    #expect(!feed.forwards.packets.contains { $0.isKeyFrameStart })
    feed.receiveLeftOut()
    let packets = Self.handedOn(feed)
    #expect(packets.count == 2 + 300 + 3)
    #expect(Self.numbers(packets) == Array(0..<UInt16(packets.count)))
    #expect(Self.payload(packets[0], of: feed) == H264ReceptionTests.sps)
  }

  @Test("Parameter sets that come when their picture was given up begin it all the same")
  func belatedParameters() {
    var feed = Self.feed()
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: true) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: false, hasParameters: true, hasRecoveryPoint: true)
    feed.wait(.seconds(2))
    #expect(feed.frames.map(\.followsLoss) == [false, true])
    feed.forwards.removeAll()
    feed.receiveLeftOut()
    #expect(Self.handedOn(feed).count == 2 + 3 + 6)
    #expect(feed.frames.count == 2)
  }

  @Test("A layer that is only forwarded is kept, too")
  func unselected() {
    var feed = Self.feed()
    feed.stream.select(false, now: feed.now)
    feed.send(isKeyFrame: false)
    feed.send(isKeyFrame: true) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: false)
    feed.receiveLeftOut()
    #expect(Self.handedOn(feed).count == 2 + 3 + 3)
    #expect(feed.frames.isEmpty)
  }

  /// A finder and what it looks at.
  private struct Desk {
    let codec: VideoCodec
    var finder: KeyFrameFinder
    var ring = PacketRing()

    init(_ codec: VideoCodec = .h264) {
      self.codec = codec
      finder = KeyFrameFinder(codec: codec)
    }

    /// Takes a payload as if accepted; answers the start of a key frame.
    mutating func insert(_ payload: [UInt8], _ sequence: Int64, timestamp: UInt32, marker: Bool = false) -> Int64? {
      let header = RTPHeader(
        marker: marker, payloadType: 96, sequence: UInt16(truncatingIfNeeded: sequence), timestamp: timestamp,
        ssrc: 20)
      let summary = unsafe payload.withUnsafeBytes { unsafe PayloadSummary($0, codec: codec) }
      let packet = PacketRing.Packet(sequence: sequence, timestamp: timestamp, marker: marker, summary: summary)
      let isKept = unsafe payload.withUnsafeBytes { unsafe ring.store(packet, payload: $0) }
      #expect(isKept)
      let accepted = AcceptedPacket(
        header: header, sequence: sequence, arrival: .zero, captureTime: .zero, summary: summary)
      return finder.note(accepted, in: ring)?.start
    }
  }

  @Test("Parameter sets with a timestamp of their own belong to the key frame behind them, late or not")
  func separateParameters() {
    let (sps, pps) = (H264ReceptionTests.sps, H264ReceptionTests.pps)
    for isLate in [false, true] {
      var desk = Desk()
      #expect(desk.insert([0x61, 1], 9, timestamp: 0, marker: true) == nil)
      if !isLate { #expect(desk.insert(sps, 10, timestamp: 1) == nil) }
      #expect(desk.insert(pps, 11, timestamp: 1) == nil)
      #expect(desk.insert([0x65, 1], 12, timestamp: 2, marker: true) == (isLate ? nil : 10))
      if isLate { #expect(desk.insert(sps, 10, timestamp: 1) == 10) }
      #expect(desk.insert([0x61, 1], 13, timestamp: 3, marker: true) == nil)
    }
  }

  @Test("A key frame of VP8 begins with its first packet, whenever that comes")
  func vp8() {
    var desk = Desk(.vp8)
    #expect(desk.insert([0x10, 0x11, 1], 9, timestamp: 1, marker: true) == nil)
    #expect(desk.insert([0x00, 1], 11, timestamp: 2) == nil)
    #expect(desk.insert([0x00, 1], 12, timestamp: 2, marker: true) == nil)
    #expect(desk.insert([0x10, 0x11, 1], 13, timestamp: 3, marker: true) == nil)
    #expect(desk.insert([0x10, 0x10, 1], 10, timestamp: 2) == 10)
    #expect(desk.insert([0x10, 0x10, 1], 14, timestamp: 4, marker: true) == 14)
  }

  @Test("However a sender orders its packets, each key frame begins, and behind that no more are repeated than came")
  func amplification() {
    var feed = Self.feed()
    var (begun, repeated) = (0, 0)
    let rounds = 2_000
    // Every picture is a key frame far behind the newest packet.
    for round in 0..<rounds {
      let timestamp = UInt32(10 + round)
      let packets: [(Int, UInt32, [UInt8])] = [
        (round * 4 + 202, 1, [0x61, 1]), (round * 4, timestamp, H264ReceptionTests.sps),
        (round * 4 + 1, timestamp, [0x65, 1]),
      ]
      for (sequence, timestamp, payload) in packets {
        let header = RTPHeader(
          marker: false, payloadType: 96, sequence: UInt16(sequence), timestamp: timestamp, ssrc: 20)
        feed.receive(header, payload)
      }
      let handedOn = Self.handedOn(feed)
      begun += handedOn.count(where: \.isKeyFrameStart)
      repeated += handedOn.count { $0.isRepeated && !$0.isKeyFrameStart }
      let numbers = Self.numbers(handedOn)
      #expect(numbers == numbers.sorted())
      feed.forwards.removeAll()
    }
    #expect(begun == rounds)
    #expect(repeated > 0)
    #expect(repeated <= 3 * rounds + Int(KeyFrameFinder.window))
  }
}
