import MixCore
import Testing

@testable import Transport

@Suite("Key frames that need long to leave")
struct LargeKeyFrameTests {
  /// Sends 2.1 Mb/s if nothing else is said, as the peer's bound is all it knows of the path, and waits for a key frame.
  static func makePlane(bound: UInt64 = 2_000_000) -> MediaPlane {
    var random = SeededRandom(seed: 4)
    let media = Wire.media(.send, codec: .vp8, rtx: true).map { section in
      var section = section
      section.extensions[.transportSequence] = 0
      return section
    }
    var plane = MediaPlane(media: media, cname: "s", ntpOffset: SendingTests.epoch, random: &random)
    plane.transportSender.bandwidth.noteReceiverBound(bound, now: .zero)
    plane.senders[1].closeGate()
    return plane
  }

  /// Lets the time of one picture pass; answers how many packets have left.
  static func run(_ plane: inout MediaPlane, from start: MediaTime) -> Int {
    var packets = 0
    for step in 0..<33 as Range<Int64> {
      let now = start + .milliseconds(step)
      plane.dropBelated(now: now)
      while true {
        let bytes = unsafe Wire.buffer { unsafe plane.writeNext(into: $0, now: now) }
        if bytes.isEmpty { break }
        packets += 1
      }
    }
    return packets
  }

  @Test("are followed by the pictures behind them, the delay goes, and then no more may wait than ever")
  func opening() {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    var refused = 0
    var waits: [MediaTime] = []
    for index in 0..<60 {
      let now = MediaTime(count: Int64(index), rate: 30)
      let frame = source.next(size: index == 0 ? 115_000 : 5000, isKeyFrame: index == 0, now: now)
      if !plane.enqueue(frame, media: 1, now: now) { refused += 1 }
      waits.append(plane.transportSender.wait)
      _ = Self.run(&plane, from: now)
    }
    #expect(refused == 0)
    #expect(waits[0] > .milliseconds(400))
    #expect(waits.max() ?? .distantFuture <= .milliseconds(500))
    #expect(waits[59] < .milliseconds(50))
    let end = MediaTime.seconds(2)
    var admitted = 0
    for _ in 0..<20 where plane.enqueue(source.next(size: 5000, isKeyFrame: false, now: end), media: 1, now: end) {
      admitted += 1
    }
    #expect((11...16).contains(admitted))
  }

  @Test("are sent whole where they are forwarded, too, and the stream goes on")
  func forwarded() {
    var plane = Self.makePlane()
    let payload = [UInt8](repeating: 7, count: 1100)
    var (sequence, sent) = (0, 0)
    for frame in 0..<90 {
      let count = frame == 0 ? 160 : 4
      for index in 0..<count {
        let packet = ForwardingTests.packet(
          sequence, frame: frame, isKeyFrameStart: frame == 0 && index == 0, marker: index == count - 1)
        sent += ForwardingTests.forward(packet, payload, on: &plane)
        sequence += 1
      }
      sent += Self.run(&plane, from: MediaTime(count: Int64(frame), rate: 30))
    }
    #expect(sent == sequence)
    #expect(plane.senders[1].isOpen)
    #expect(plane.transportSender.wait < .milliseconds(50))
  }

  @Test("are known as such behind parameter sets with a timestamp of their own, too")
  func separateParameters() {
    var plane = Self.makePlane()
    var start = ForwardingTests.packet(0, frame: 1, isKeyFrameStart: true, marker: true)
    start.pictureTimestamp = 2 * 3000
    _ = ForwardingTests.forward(start, [UInt8](repeating: 7, count: 30), on: &plane)
    let payload = [UInt8](repeating: 7, count: 1100)
    for index in 1...160 {
      _ = ForwardingTests.forward(
        ForwardingTests.packet(index, frame: 2, marker: index == 160), payload, on: &plane)
    }
    #expect(plane.transportSender.outbox.keyFrameBytes >= 150 * payload.count)
  }

  @Test("may leave something waiting for long: what is forwarded meanwhile keeps its bytes, and the memory has an end")
  func standingQueue() {
    var outbox = Outbox()
    var (read, refused) = (0, 0)
    for number in 0..<6000 {
      let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1000)
      let isTaken = unsafe payload.withUnsafeBytes {
        unsafe outbox.append(ForwardingTests.packet(number, frame: number), payload: $0, sender: 0, isKeyFrame: false)
      }
      if !isTaken { refused += 1 }
      guard number >= 3, case .forwarded(let index)? = outbox.nextVideo?.content else { continue }
      let first = unsafe outbox.withForwarded(index) { packet, bytes in
        unsafe packet.sequence == UInt16(read) && bytes.count == 1000 ? Int(bytes[999]) : -1
      }
      #expect(first == read % 256)
      outbox.advanceVideo()
      read += 1
    }
    #expect(refused == 0)
    #expect(outbox.waitingBytes == 3000)
  }

  @Test("wait for nobody where the peer's bound is less than all there is: the stream closes, and all of it is tried")
  func boundBelowProgramme() {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    var refused = 0
    for index in 0..<180 {
      let now = MediaTime(count: Int64(index), rate: 30)
      if index == 90 { plane.transportSender.bandwidth.noteReceiverBound(1_000_000, now: now) }
      let isKeyFrame = index == 0 || index == 91
      let frame = source.next(size: isKeyFrame ? 55_000 : 5000, isKeyFrame: isKeyFrame, now: now)
      let isSent = plane.enqueue(frame, media: 1, now: now)
      if !isSent { refused += 1 }
      if index < 91 { #expect(isSent) }
      _ = Self.run(&plane, from: now)
    }
    #expect(refused > 0)
    let available = plane.transportSender.bandwidth.available ?? 0
    #expect(available > 1_500_000)
  }

  @Test("are given up when the peer reports so many losses that all is no longer tried")
  func reportedLoss() {
    var plane = Self.makePlane(bound: 200_000)
    var source = FrameSource(start: .zero)
    var now = MediaTime.zero
    for index in 0..<60 where !plane.transportSender.outbox.hasVideo {
      now = MediaTime(count: Int64(index), rate: 30)
      let isKeyFrame = !plane.outputs.isEmpty
      plane.outputs.removeAll()
      let frame = source.next(size: isKeyFrame ? 40_000 : 5000, isKeyFrame: isKeyFrame, now: now)
      if !plane.enqueue(frame, media: 1, now: now) { _ = Self.run(&plane, from: now) }
    }
    #expect(plane.transportSender.outbox.hasVideo)
    let block = ReportBlock(
      ssrc: 20, fractionLost: 128, cumulativeLost: 50, highestSequence: 100, jitter: 0, lastReport: 0,
      delaySinceLastReport: 0)
    let report = writeRTCP { _ = $0.receiverReport(ssrc: 1, blocks: [block]) }
    let isTaken = SendingTests.receive(report, by: &plane, now: now)
    #expect(isTaken && !plane.transportSender.outbox.hasVideo && !plane.senders[1].isOpen)
  }

  @Test("are given up when the rate has fallen so far meanwhile that they would need much longer")
  func rateFalls() {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    let isSent = plane.enqueue(source.next(size: 115_000, isKeyFrame: true, now: .zero), media: 1, now: .zero)
    #expect(isSent)
    plane.transportSender.bandwidth.noteReceiverBound(200_000, now: .milliseconds(10))
    plane.dropBelated(now: .milliseconds(10))
    #expect(!plane.transportSender.outbox.hasVideo)
    #expect(!plane.senders[1].isOpen)
  }
}
