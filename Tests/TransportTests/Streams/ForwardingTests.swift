import MixCore
import Testing

@testable import Transport

@Suite("Forwarding on one stream")
struct ForwardingTests {
  static let tooLong = MediaTime.seconds(2)

  static func makeStream(_ kind: MediaIntent.Kind, rtx: Bool = true, redPayloadType: UInt8? = nil) -> SendStream {
    var random = SeededRandom(seed: 4)
    var media = Wire.media(.send, codec: .vp8, rtx: rtx)[kind == .audio ? 0 : 1]
    media.redPayloadType = redPayloadType
    return SendStream(media: media, index: 0, ntpOffset: SendingTests.epoch, random: &random)
  }

  /// The frame numbers are those of pictures 1/30 s apart.
  static func packet(
    _ sequence: Int, frame: Int, ssrc: UInt32 = 5, isKeyFrameStart: Bool = false, marker: Bool = false,
    isRepeated: Bool = false, primaryOffset: Int? = nil
  ) -> ForwardQueue.Packet {
    let time = MediaTime(count: Int64(frame), rate: 30)
    return ForwardQueue.Packet(
      media: 0, ssrc: ssrc, sequence: UInt16(truncatingIfNeeded: sequence),
      timestamp: UInt32(truncatingIfNeeded: frame * 3000), marker: marker, payloadOffset: 0, payloadLength: 0,
      primaryOffset: primaryOffset, arrival: time, captureTime: time, audioLevel: nil,
      isKeyFrameStart: isKeyFrameStart, isRepeated: isRepeated, vp8: nil)
  }

  /// Answers how many packets went out at once: 0 if it waits or is refused.
  static func forward(_ packet: ForwardQueue.Packet, _ payload: [UInt8], on plane: inout MediaPlane) -> Int {
    let bytes = unsafe Wire.buffer { buffer in
      unsafe payload.withUnsafeBytes {
        unsafe plane.enqueue(forwarded: packet, payload: $0, media: 1, now: packet.arrival, into: buffer)
      }
    }
    return bytes.isEmpty ? 0 : 1
  }

  static func write(
    _ packet: ForwardQueue.Packet, _ payload: [UInt8], on stream: inout SendStream, _ transport: inout TransportSender
  ) -> [UInt8] {
    unsafe Wire.buffer { buffer in
      unsafe payload.withUnsafeBytes {
        unsafe stream.write(
          forwarded: packet, payload: $0, now: packet.arrival, transport: &transport, into: buffer)
      }
    }
  }

  static func admits(_ packet: ForwardQueue.Packet, by stream: inout SendStream, wait: MediaTime = .zero) -> Bool {
    stream.admits(packet, wait: wait)
  }

  // MARK: After a pause

  @Test("After a pause everything passes, for longer than the sequence numbers last")
  func longRun() {
    var stream = Self.makeStream(.video)
    #expect(!Self.admits(Self.packet(49_999, frame: 0), by: &stream, wait: Self.tooLong))
    var refused = 0
    for number in 0..<70_000 {
      let packet = Self.packet(50_000 + number, frame: 1 + number, isKeyFrameStart: number == 0)
      if !stream.admits(packet, wait: .zero) { refused += 1 }
    }
    #expect(refused == 0)
  }

  @Test("Another source passes right after a pause, whatever its numbers", arguments: [1, 200, 30_000, 45_000])
  func otherSource(stepBack: Int) {
    var stream = Self.makeStream(.video)
    stream.closeGate()
    #expect(Self.admits(Self.packet(50_000, frame: 1, isKeyFrameStart: true), by: &stream))
    var refused = 0
    for number in 0..<70_000 {
      let packet = Self.packet(
        50_000 - stepBack + number, frame: 2 + number, ssrc: 6, isKeyFrameStart: number == 0)
      if !stream.admits(packet, wait: .zero) { refused += 1 }
    }
    #expect(refused == 0)
  }

  @Test("A source that numbers anew after a pause passes", arguments: [-30_000, -2000, 2000, 30_000])
  func jump(step: Int) {
    var stream = Self.makeStream(.video)
    stream.closeGate()
    #expect(Self.admits(Self.packet(50_000, frame: 1, isKeyFrameStart: true), by: &stream))
    let refused = (0..<3000).count { !stream.admits(Self.packet(50_000 + step + $0, frame: 2 + $0), wait: .zero) }
    #expect(refused == 0)
  }

  @Test("What is older than the key frame after a pause stays away")
  func stragglers() {
    var stream = Self.makeStream(.video)
    stream.closeGate()
    #expect(Self.admits(Self.packet(10, frame: 3, isKeyFrameStart: true), by: &stream))
    for sequence in [9, 0, -1, -900] {
      #expect(!Self.admits(Self.packet(sequence, frame: 2), by: &stream))
    }
    #expect(Self.admits(Self.packet(11, frame: 3), by: &stream))
    #expect(Self.admits(Self.packet(12, frame: 4), by: &stream))
  }

  // MARK: Key frames that are found late

  @Test("A key frame that is found late opens the gate and is sent whole, with what came behind it")
  func foundLate() throws {
    var stream = Self.makeStream(.video)
    var transport = TransportSender()
    let sent = Self.write(Self.packet(90, frame: 0), [0], on: &stream, &transport)
    let before = try #require(SendingTests.header(sent))
    stream.closeGate()
    #expect(!Self.admits(Self.packet(101, frame: 3), by: &stream))
    #expect(!Self.admits(Self.packet(102, frame: 3, marker: true), by: &stream))
    #expect(stream.statistics.framesRefused == 1)
    var packets = [
      Self.packet(100, frame: 3, isKeyFrameStart: true), Self.packet(101, frame: 3, isRepeated: true),
      Self.packet(102, frame: 3, marker: true, isRepeated: true), Self.packet(103, frame: 4, isRepeated: true),
      Self.packet(104, frame: 4, marker: true),
    ]
    packets[0].resumes = true
    var written: [[UInt8]] = []
    for packet in packets {
      #expect(Self.admits(packet, by: &stream))
      written.append(Self.write(packet, [UInt8(packet.sequence)], on: &stream, &transport))
    }
    #expect(stream.isOpen)
    #expect(stream.statistics.framesRefused == 0)
    #expect(written.map(SendingTests.payload) == [[100], [101], [102], [103], [104]])
    let headers = try written.map { try #require(SendingTests.header($0)) }
    #expect(headers.map { $0.sequence &- before.sequence } == [1, 2, 3, 4, 5])
    #expect(headers.allSatisfy { $0.ssrc == 20 })
  }

  @Test("Numbers have no gap where a stream goes on while packets from before its pause still wait")
  func resumptionBehindQueue() {
    var plane = LargeKeyFrameTests.makePlane()
    let payload = [UInt8](repeating: 7, count: 1100)
    var now = MediaTime.zero
    var numbers: [UInt16] = []
    func take(_ bytes: [UInt8]) -> Bool {
      guard let header = SendingTests.header(bytes) else { return false }
      numbers.append(header.sequence)
      return true
    }
    func forward(_ packet: ForwardQueue.Packet) {
      let bytes = unsafe Wire.buffer { buffer in
        unsafe payload.withUnsafeBytes {
          unsafe plane.enqueue(forwarded: packet, payload: $0, media: 1, now: now, into: buffer)
        }
      }
      _ = take(bytes)
    }
    func drain(until end: MediaTime) {
      while now < end {
        now += .milliseconds(1)
        while take(unsafe Wire.buffer { unsafe plane.writeNext(into: $0, now: now) }) {}
      }
    }
    for index in 0..<80 { forward(Self.packet(index, frame: index, isKeyFrameStart: index == 0)) }
    let refused = plane.senders[1].statistics.framesRefused
    drain(until: .milliseconds(100))
    #expect(plane.transportSender.outbox.hasVideo)
    for index in 80..<90 { forward(Self.packet(index, frame: index, isKeyFrameStart: index == 80)) }
    drain(until: .seconds(1))
    #expect(refused > 0 && numbers.count == 90 - Int(refused))
    #expect(zip(numbers.dropFirst(), numbers).allSatisfy { $0 &- $1 == 1 })
  }

  @Test("Parameter sets open no gate, and come again with the picture that shows that they begin a key frame")
  func parameterSets() {
    var stream = Self.makeStream(.video)
    stream.closeGate()
    #expect(!Self.admits(Self.packet(100, frame: 3), by: &stream))
    #expect(!Self.admits(Self.packet(101, frame: 3), by: &stream))
    #expect(Self.admits(Self.packet(100, frame: 3, isKeyFrameStart: true, isRepeated: true), by: &stream))
    #expect(Self.admits(Self.packet(101, frame: 3, isRepeated: true), by: &stream))
    #expect(Self.admits(Self.packet(102, frame: 3, marker: true), by: &stream))
    #expect(stream.statistics.framesRefused == 0)
  }

  @Test("What went through an open gate is not sent again")
  func openGate() {
    var stream = Self.makeStream(.video)
    for sequence in 100...103 { #expect(Self.admits(Self.packet(sequence, frame: 3), by: &stream)) }
    #expect(!Self.admits(Self.packet(100, frame: 3, isKeyFrameStart: true, isRepeated: true), by: &stream))
    for sequence in 101...103 {
      #expect(!Self.admits(Self.packet(sequence, frame: 3, isRepeated: true), by: &stream))
    }
    #expect(Self.admits(Self.packet(104, frame: 3), by: &stream))
    #expect(stream.statistics.framesRefused == 0)
  }

  @Test("A key frame there is no room for stays refused with all that is repeated behind it, and the next one does not")
  func noRoom() {
    var stream = Self.makeStream(.video)
    stream.closeGate()
    #expect(!Self.admits(Self.packet(101, frame: 3), by: &stream))
    let start = Self.packet(100, frame: 3, isKeyFrameStart: true)
    #expect(!Self.admits(start, by: &stream, wait: Self.tooLong))
    #expect(!Self.admits(Self.packet(101, frame: 3, isRepeated: true), by: &stream))
    #expect(!Self.admits(Self.packet(102, frame: 4), by: &stream))
    #expect(Self.admits(Self.packet(103, frame: 5, isKeyFrameStart: true), by: &stream))
    #expect(Self.admits(Self.packet(104, frame: 5), by: &stream))
  }

  @Test("Of a frame that goes through the gate as it closes, nothing more is sent")
  func closedAgain() {
    var stream = Self.makeStream(.video)
    #expect(Self.admits(Self.packet(100, frame: 3, isKeyFrameStart: true), by: &stream))
    stream.closeGate()
    #expect(!Self.admits(Self.packet(101, frame: 3), by: &stream))
  }

  // MARK: Padding

  @Test("Without RTX a stream that waits for a key frame is padded under its own numbers, and goes on behind them")
  func padding() throws {
    var stream = Self.makeStream(.video, rtx: false)
    var transport = TransportSender()
    let first = Self.write(Self.packet(100, frame: 0, marker: true), [1], on: &stream, &transport)
    let before = try #require(SendingTests.header(first))
    #expect(!stream.canPad(.milliseconds(2900)) && stream.canPad(.seconds(3)))
    stream.closeGate()
    #expect(stream.canPad(.milliseconds(50)))
    let bytes = unsafe Wire.buffer {
      unsafe stream.writePadding(100, now: .milliseconds(50), transport: &transport, into: $0)
    }
    let padding = try #require(SendingTests.header(bytes))
    #expect((padding.ssrc, padding.payloadType, padding.payloadLength) == (20, 96, 0))
    #expect(padding.sequence == before.sequence &+ 1 && padding.timestamp == before.timestamp &+ 4500)
    #expect(padding.extensions.transportSequence == 2)
    var start = Self.packet(101, frame: 3, isKeyFrameStart: true)
    start.resumes = true
    #expect(Self.admits(start, by: &stream))
    let after = try #require(SendingTests.header(Self.write(start, [2], on: &stream, &transport)))
    #expect(after.sequence == padding.sequence &+ 1)
    #expect(!Self.admits(Self.packet(99, frame: 0), by: &stream))
  }

  @Test("An open stream that is padded waits for a key frame")
  func paddingOfAnIdleStream() {
    var stream = Self.makeStream(.video, rtx: false)
    var transport = TransportSender()
    _ = Self.write(Self.packet(100, frame: 0, marker: true), [1], on: &stream, &transport)
    let bytes = unsafe Wire.buffer { unsafe stream.writePadding(1, now: .seconds(4), transport: &transport, into: $0) }
    #expect(!bytes.isEmpty && !stream.isOpen)
  }

  // MARK: Redundancy

  @Test("The blocks of a redundant packet name the viewer's payload type, those of other codecs their own")
  func blockTypes() throws {
    var stream = Self.makeStream(.audio, redPayloadType: 63)
    var transport = TransportSender()
    let payload: [UInt8] = [
      0x80 | 96, 0x1e, 0x00, 0x01, 0x80 | 13, 0x16, 0x80, 0x01, 0x80 | 96, 0x0f, 0x00, 0x02, 96, 5, 6, 7, 8, 1, 2,
    ]
    let bytes = Self.write(Self.packet(1, frame: 0, primaryOffset: 17), payload, on: &stream, &transport)
    #expect(try #require(SendingTests.header(bytes)).payloadType == 63)
    var expected = payload
    (expected[0], expected[8], expected[12]) = (0x80 | 111, 0x80 | 111, 111)
    #expect(SendingTests.payload(bytes) == expected)
    let parsed = try #require(RedundancyTests.parse(SendingTests.payload(bytes)))
    #expect(parsed.blocks.map(\.data) == [[5], [], [7, 8]])
    #expect(parsed.primary == [1, 2])
  }

  @Test(
    "Of a redundant packet that makes no sense only what would be its own data is sent",
    arguments: [
      [], [96], [0x80 | 96], [0x80 | 96, 0x0f, 0, 2], [0x80 | 96, 0x0f, 0, 2, 96, 7, 8],
      [0x80 | 96, 0x0f, 0x03, 0xff, 96, 7, 8, 1], [0x80 | 96, 0x0f, 0, 1, 96, 7, 8, 1],
      [UInt8](repeating: 0xff, count: 400), [UInt8](repeating: 0x80, count: 400),
    ] as [[UInt8]])
  func malformedBlocks(payload: [UInt8]) throws {
    var stream = Self.makeStream(.audio, redPayloadType: 63)
    var transport = TransportSender()
    for (index, start) in [-1, 0, 3, 7, 399, 1000].enumerated() {
      let packet = Self.packet(index, frame: index, primaryOffset: start)
      let bytes = Self.write(packet, payload, on: &stream, &transport)
      #expect(try #require(SendingTests.header(bytes)).payloadType == 111)
      #expect(SendingTests.payload(bytes) == Array(payload.dropFirst(max(start, 0))))
    }
  }
}
