import MixCore
import Testing

@testable import Transport

/// Streams as OBS and hardware encoders send them: parameter sets before key frames only, single units, aggregates and
/// fragments, no B-frames.
@Suite("H.264 reception")
struct H264ReceptionTests {
  /// 1280 × 720, High, level 3.1, with cropping and VUI, as x264 writes it.
  static let sps: [UInt8] = [
    0x67, 0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00,
    0x03, 0x03, 0xc0, 0xf1, 0x83, 0x19, 0x60,
  ]
  static let pps: [UInt8] = [0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0]

  /// The payloads of one access unit of `size` bytes.
  static func payloads(
    _ number: Int, isKeyFrame: Bool, aggregated: Bool, hasParameters: Bool, recoveryPoint: [UInt8]? = nil,
    size: Int = 3000
  ) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    if hasParameters {
      if aggregated {
        payloads.append([0x78, 0, UInt8(sps.count)] + sps + [0, UInt8(pps.count)] + pps)
      } else {
        payloads += [sps, pps]
      }
    }
    if let recoveryPoint { payloads.append(recoveryPoint) }
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ number) }
    let type: UInt8 = isKeyFrame ? 5 : 1
    for start in stride(from: 0, to: size, by: 1100) {
      let end = min(start + 1100, size)
      payloads.append([0x7c, (start == 0 ? 0x80 : 0) | (end == size ? 0x40 : 0) | type] + body[start..<end])
    }
    return payloads
  }

  struct Feed {
    var stream: ReceiveStream
    var clock = CaptureClock(clockRates: [90_000])
    var outputs: [MediaOutput] = []
    var forwards = ForwardQueue()
    var now = MediaTime.seconds(1)
    var sequence: UInt16 = 65_500
    var number = 0
    /// Bytes of a picture.
    var size = 3000
    /// With it pictures are right at once.
    var recoveryPoint: [UInt8] = [0x06, 6, 1, 0x84, 0x80]
    /// Makes the packet that was left out last arrive.
    private var deliverLeftOut: ((inout Feed) -> Void)?

    init() {
      stream = ReceiveStream(media: Wire.media(.receive, codec: .h264, rtx: true)[1], index: 0)
    }

    var frames: [ReceivedVideoFrame] {
      outputs.compactMap { if case .videoFrame(_, let frame) = $0 { frame } else { nil } }
    }

    /// `order` permutes the packets of the frame; those it leaves out are lost. Key frames have parameter sets if
    /// nothing else is said.
    mutating func send(
      isKeyFrame: Bool, aggregated: Bool = false, hasParameters: Bool? = nil, hasRecoveryPoint: Bool = false,
      hasMarker: Bool = true, order: ([Int]) -> [Int] = { $0 }
    ) {
      let payloads = H264ReceptionTests.payloads(
        number, isKeyFrame: isKeyFrame, aggregated: aggregated, hasParameters: hasParameters ?? isKeyFrame,
        recoveryPoint: hasRecoveryPoint ? recoveryPoint : nil, size: size)
      let sent = order(Array(payloads.indices))
      for index in payloads.indices.filter({ !sent.contains($0) }) + sent {
        let header = RTPHeader(
          marker: hasMarker && index == payloads.count - 1, payloadType: 96, sequence: sequence &+ UInt16(index),
          timestamp: UInt32(number) * 3000, ssrc: 20)
        if sent.contains(index) {
          receive(header, payloads[index])
        } else {
          deliverLeftOut = { $0.receive(header, payloads[index]) }
        }
      }
      sequence &+= UInt16(payloads.count)
      number += 1
      wait(.milliseconds(33))
    }

    mutating func receive(_ header: RTPHeader, _ payload: [UInt8]) {
      unsafe payload.withUnsafeBytes { bytes in
        _ = unsafe stream.receive(
          header: header, payload: bytes, arrival: now, clock: &clock, outputs: &outputs, forwards: &forwards)
      }
    }

    mutating func receiveLeftOut() { deliverLeftOut?(&self) }

    mutating func wait(_ time: MediaTime) {
      now += time
      stream.advance(to: now, clock: clock, outputs: &outputs)
    }
  }

  @Test(
    "Parameter sets with a timestamp of their own, marked as a frame or not, go with their picture",
    arguments: [true, false])
  func separateParameters(isMarked: Bool) {
    var feed = Feed()
    feed.forwards.isEnabled = true
    for picture in 0..<3 as Range<UInt32> {
      let packets: [(UInt32, Bool, [UInt8])] = [
        (picture * 3000, false, Self.sps), (picture * 3000, isMarked, Self.pps),
        (picture * 3000 + 10, true, [picture == 1 ? 0x61 : 0x65, 1, 2, 3]),
      ]
      for (timestamp, marker, payload) in packets {
        let header = RTPHeader(
          marker: marker, payloadType: 96, sequence: feed.sequence, timestamp: timestamp, ssrc: 20)
        feed.receive(header, payload)
        feed.sequence &+= 1
      }
    }
    #expect(feed.frames.map(\.isKeyFrame) == [true, false, true])
    #expect(feed.frames.map(\.rtpTimestamp) == [10, 3010, 6010])
    #expect(feed.forwards.packets.filter(\.isKeyFrameStart).map(\.pictureTimestamp) == [10, 6010])
    #expect(feed.frames.allSatisfy { Array($0.data[4..<(4 + Self.sps.count)]) == Self.sps })
  }

  /// Packets of a picture behind parameter sets with a timestamp of their own: when each came, its number and timestamp.
  private static func receive(
    _ packets: [(at: MediaTime, sequence: UInt16, timestamp: UInt32, payload: [UInt8])], by feed: inout Feed
  ) {
    for packet in packets {
      feed.now = packet.at
      let isPicture = !packet.payload.isEmpty && ![0x67, 0x68].contains(packet.payload[0])
      let header = RTPHeader(
        marker: isPicture, payloadType: 96, sequence: packet.sequence, timestamp: packet.timestamp, ssrc: 20)
      feed.receive(header, packet.payload)
    }
  }

  @Test("A picture is no older than its own packets, whenever its parameter sets came")
  func earlyParameters() {
    var feed = Feed()
    let start = MediaTime.seconds(1)
    // Taken 36 ms after them, it comes 66 ms after them.
    Self.receive(
      [
        (start, 10, 0, Self.sps), (start, 11, 0, Self.pps),
        (start + .milliseconds(66), 12, 36 * 90, [0x65, 1, 2, 3]),
      ], by: &feed)
    #expect(feed.frames.map(\.firstPacket) == [start + .milliseconds(66)])
    #expect(feed.frames.map(\.captureTime) == [start + .milliseconds(36)])
  }

  @Test(
    "A key frame waits for parameter sets with a timestamp of their own, in whatever order they come",
    arguments: [[11, 12, 10], [12, 11, 10], [12, 10, 11], [10, 12, 11], [11, 10, 12]] as [[UInt16]])
  func reorderedParameters(order: [UInt16]) {
    var feed = Feed()
    let payloads: [UInt16: [UInt8]] = [10: Self.sps, 11: Self.pps, 12: [0x65, 1, 2, 3]]
    for (index, sequence) in order.enumerated() {
      #expect(feed.frames.isEmpty)
      Self.receive(
        [(.seconds(1) + .milliseconds(Int64(index)), sequence, sequence == 12 ? 3000 : 0, payloads[sequence] ?? [])],
        by: &feed)
    }
    #expect(feed.frames.map(\.isKeyFrame) == [true])
    #expect(feed.frames.allSatisfy { Array($0.data[4..<(4 + Self.sps.count)]) == Self.sps })
  }

  @Test("Padding between parameter sets and their picture parts them neither for who sees it nor for who waits for it")
  func paddedParameters() {
    var feed = Feed()
    feed.forwards.isEnabled = true
    let now = MediaTime.seconds(1)
    Self.receive(
      [
        (now, 9, 0, [0x61, 1, 2, 3]), (now, 10, 3000, Self.sps), (now, 11, 3000, Self.pps), (now, 12, 3000, []),
        (now, 13, 3010, [0x65, 1, 2, 3]),
      ], by: &feed)
    #expect(feed.frames.map(\.isKeyFrame) == [true])
    #expect(feed.frames.allSatisfy { Array($0.data[4..<(4 + Self.sps.count)]) == Self.sps })
    #expect(feed.forwards.packets.filter(\.isKeyFrameStart).map(\.sequence) == [10])
  }

  @Test("The timestamps of padding tell neither when pictures were taken nor how restless the path is")
  func paddingTimestamps() {
    var feed = Feed()
    for index in 0..<10 { feed.send(isKeyFrame: index == 0) }
    let jitter = feed.stream.statistics.jitter
    for step in 1...5 as ClosedRange<UInt32> {
      let header = RTPHeader(
        marker: false, payloadType: 96, sequence: feed.sequence, timestamp: 9 * 3000 + step * 18_000, ssrc: 20)
      feed.receive(header, [])
      feed.sequence &+= 1
    }
    for _ in 0..<5 { feed.send(isKeyFrame: false) }
    #expect(feed.frames.count == 15)
    #expect(feed.frames.allSatisfy { $0.captureTime == $0.firstPacket })
    #expect(feed.stream.statistics.jitter < jitter + .milliseconds(1))
  }

  @Test(
    "Parameter sets alone or in an aggregate, fragments in any order: every frame is whole", arguments: [false, true])
  func obs(aggregated: Bool) {
    var feed = Feed()
    for index in 0..<120 {
      feed.send(isKeyFrame: index % 60 == 0, aggregated: aggregated) { index % 3 == 1 ? $0.reversed() : $0 }
    }
    #expect(feed.frames.count == 120)
    #expect(feed.frames.map(\.isKeyFrame) == (0..<120).map { $0 % 60 == 0 })
    let key = Self.sps + [0, 0, 0, 6] + Self.pps + [0, 0, 11, 185]
    #expect(feed.frames[0].data.dropFirst(4).prefix(key.count) == key[...])
    #expect(feed.stream.activity.state(rid: "", now: feed.now).width == 1280)
    #expect(feed.stream.activity.state(rid: "", now: feed.now).height == 720)
  }

  @Test("Without a single marker frames end where the next timestamp begins")
  func withoutMarkers() {
    var feed = Feed()
    for index in 0..<30 { feed.send(isKeyFrame: index == 0, hasMarker: false) }
    #expect(feed.frames.count == 29)
  }

  @Test("A stream that is joined in the middle begins with the next parameter sets, and never shows anything before")
  func joinedLate() {
    var feed = Feed()
    for index in 1..<60 { feed.send(isKeyFrame: index == 30) }
    #expect(feed.frames.count == 30)
    #expect(feed.frames.first?.isKeyFrame == true)
  }

  @Test("A key frame without parameter sets of its own is found, even if the packet before it comes later")
  func bareKeyFrame() {
    var feed = Feed()
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: false) { $0.dropLast() }
    #expect(feed.frames.count == 1)
    feed.send(isKeyFrame: true, hasParameters: false)
    // Nothing tells yet that it is the first packet of its frame.
    #expect(feed.frames.count == 1)
    feed.receiveLeftOut()
    #expect(feed.frames.map(\.isKeyFrame) == [true, true])
    feed.send(isKeyFrame: false)
    #expect(feed.frames.count == 3)
  }

  @Test("Of a key frame whose parameter sets are lost nothing is shown: another one is asked for")
  func lostParameterSets() {
    var feed = Feed()
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: true) { Array($0.dropFirst(2)) }
    for _ in 0..<10 { feed.send(isKeyFrame: false) }
    feed.wait(.seconds(2))
    #expect(feed.frames.count == 1)
    #expect(feed.stream.keyFrames.isWanted)
    feed.send(isKeyFrame: true)
    #expect(feed.frames.map(\.isKeyFrame) == [true, true])
    #expect(!feed.stream.keyFrames.isWanted)
  }

  @Test("The size of a picture is read from parameter sets of every profile, or not at all", arguments: [0, 1, 2, 3])
  func size(kind: Int) {
    let sets: [([UInt8], (Int, Int)?)] = [
      (Self.sps, (1280, 720)),
      // Baseline, 640 × 480.
      ([0x67, 0x42, 0x00, 0x1e, 0xab, 0x40, 0x50, 0x1e, 0xd0, 0x0f, 0x08, 0x84, 0x6a], (640, 480)),
      (Array(Self.sps.prefix(6)), nil), ([0x67], nil),
    ]
    let (bytes, expected) = sets[kind]
    let found = unsafe bytes.withUnsafeBytes { unsafe PictureSize.find(in: $0, headerLength: 0, codec: .h264) }
    #expect(found?.width == expected?.0 && found?.height == expected?.1)
  }
}
