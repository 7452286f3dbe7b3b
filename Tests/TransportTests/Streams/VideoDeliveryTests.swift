import MixCore
import Testing

@testable import Transport

@Suite("Video over a bad network")
struct VideoDeliveryTests {
  /// Sends `frames` at 25 fps, a key frame first and whenever one is asked for; answers what was sent.
  @discardableResult
  static func stream(
    _ wire: inout Wire, frames: Int, size: Int = 4000, source: inout FrameSource, keyFramesOnRequest: Bool = true
  ) -> [[UInt8]] {
    for index in 0..<frames {
      let wanted = keyFramesOnRequest && wire.keyFrameRequests.last.map { wire.now - $0 < .milliseconds(41) } ?? false
      let isKey = source.count == 0 && index == 0 || wanted
      wire.send(source.next(size: isKey ? size * 4 : size, isKeyFrame: isKey, now: wire.now), media: 1)
      wire.run(.milliseconds(40))
    }
    return source.sent
  }

  @Test("On a clean path every frame arrives as it was, and nothing is asked for again")
  func clean() {
    var wire = Wire()
    var source = FrameSource(start: wire.now)
    let sent = Self.stream(&wire, frames: 50, source: &source)
    wire.run(.seconds(1))
    #expect(wire.videoFrames.map(\.data) == sent)
    #expect(wire.videoFrames.map(\.isKeyFrame) == sent.indices.map { $0 == 0 })
    let statistics = wire.receiver.statistics(media: 1)
    #expect(statistics.packetsLost == 0)
    #expect(statistics.nacksSent == 0)
    #expect(statistics.keyFramesRequested == 0)
    #expect(wire.sender.statistics(media: 1).packetsRetransmitted == 0)
    #expect(wire.sender.transportSender.packetsAcknowledged > 150)
    #expect(wire.sender.transportSender.packetsLost == 0)
    for frame in wire.videoFrames {
      #expect(frame.assembled >= frame.lastPacket && frame.lastPacket >= frame.firstPacket)
    }
  }

  @Test(
    "Loss, reordering and duplicates: all that is delivered is whole, in order and decodable",
    arguments: [
      (1, 0.1, true, 0.9), (2, 0.1, false, 0.9), (3, 0.2, true, 0.6), (4, 0.02, true, 0.99),
    ] as [(UInt64, Double, Bool, Double)])
  func lossy(seed: UInt64, loss: Double, rtx: Bool, delivered: Double) {
    var wire = Wire(seed: seed, rtx: rtx)
    wire.network = .init(
      loss: loss, duplicates: 0.1, delay: .milliseconds(20), jitter: .milliseconds(15), controlLoss: loss)
    var source = FrameSource(start: wire.now)
    let sent = Self.stream(&wire, frames: 150, source: &source)
    wire.run(.seconds(1))
    Self.expectDecodable(wire.videoFrames, sent: sent)
    #expect(
      Double(wire.videoFrames.count) >= Double(sent.count) * delivered, "\(wire.videoFrames.count) of \(sent.count)")
    let statistics = wire.receiver.statistics(media: 1)
    #expect(statistics.packetsDuplicated > 0)
    #expect((statistics.packetsRecovered > 0) == rtx)
    #expect((wire.sender.statistics(media: 1).packetsRetransmitted > 10) == rtx)
  }

  /// Each frame is one that was sent, later than the one before, and follows it directly unless it is a key frame.
  static func expectDecodable(_ frames: [ReceivedVideoFrame], sent: [[UInt8]]) {
    var last = -1
    for frame in frames {
      guard let index = sent.indices.dropFirst(last + 1).first(where: { sent[$0] == frame.data }) else {
        Issue.record("a frame that was never sent, or out of order")
        return
      }
      #expect(frame.isKeyFrame || index == last + 1)
      last = index
    }
  }

  @Test("Without any answer to NACK, a lost frame costs at most a key frame's time")
  func withoutRetransmission() {
    var wire = Wire()
    var source = FrameSource(start: wire.now)
    Self.stream(&wire, frames: 10, source: &source)
    // The first packet of the next frame never comes, however often it is asked for.
    let lost = source.count
    wire.drops = { $0.payloadType == 97 || $0.timestamp == UInt32((lost * 40) * 90) && !$0.marker }
    Self.stream(&wire, frames: 30, source: &source)
    wire.run(.seconds(1))
    Self.expectDecodable(wire.videoFrames, sent: source.sent)
    #expect(wire.videoFrames.filter(\.isKeyFrame).count == 2)
    #expect(wire.videoFrames.count > 25)
    #expect(wire.receiver.statistics(media: 1).framesDropped > 0)
  }

  @Test("Key frames are asked for within 100 ms, and then once a second at first")
  func requestPauses() throws {
    var wire = Wire()
    var source = FrameSource(start: wire.now)
    _ = source.next(size: 100, isKeyFrame: true, now: wire.now)
    let begin = wire.now
    Self.stream(&wire, frames: 100, source: &source, keyFramesOnRequest: false)
    #expect(wire.videoFrames.isEmpty)
    let times = wire.keyFrameRequests
    let first = try #require(times.first)
    #expect(first - begin <= .milliseconds(100))
    let pauses = zip(times.dropFirst(), times).map { ($0 - $1).milliseconds.rounded() }
    #expect(pauses.count >= 2 && pauses.allSatisfy { (1000...1001).contains($0) })
    wire.send(source.next(size: 3000, isKeyFrame: true, now: wire.now), media: 1)
    wire.run(.milliseconds(100))
    let requests = wire.keyFrameRequests.count
    Self.stream(&wire, frames: 60, source: &source, keyFramesOnRequest: false)
    #expect(wire.keyFrameRequests.count == requests)
    #expect(wire.videoFrames.count == 61)
  }

  @Test("A whole key frame behind a gap is shown at once")
  func keyFrameBehindGap() {
    var wire = Wire()
    var source = FrameSource(start: wire.now)
    Self.stream(&wire, frames: 5, source: &source)
    wire.drops = { _ in true }
    wire.send(source.next(size: 3000, isKeyFrame: false, now: wire.now), media: 1)
    wire.run(.milliseconds(40))
    wire.drops = { $0.payloadType == 97 }
    wire.send(source.next(size: 3000, isKeyFrame: true, now: wire.now), media: 1)
    wire.run(.milliseconds(22))
    #expect(wire.videoFrames.count == 6)
    #expect(wire.videoFrames.last?.isKeyFrame == true)
  }

  @Test("Sequence numbers and timestamps wrap without a seam")
  func wraps() {
    var wire = Wire(startsAtHighest: true)
    var source = FrameSource(start: wire.now - MediaTime(count: (1 << 32) - 9000, rate: 90_000))
    for _ in 0..<(33_000 / 60) {
      for _ in 0..<60 { wire.send(source.next(size: 2, isKeyFrame: source.count == 0, now: wire.now), media: 1) }
      wire.run(.milliseconds(1))
    }
    wire.run(.milliseconds(100))
    #expect(source.count > 0x8001)
    #expect(wire.videoFrames.count == source.count)
    #expect(wire.videoFrames.last?.rtpTimestamp ?? .max < 100_000)
    #expect(wire.receiver.statistics(media: 1).packetsLost == 0)
  }

  @Test("A sender that starts anew with other numbers is followed after its next key frame")
  func newSource() {
    var wire = Wire()
    var source = FrameSource(start: wire.now)
    Self.stream(&wire, frames: 10, source: &source)
    var random = SeededRandom(seed: 99)
    wire.sender = MediaPlane(
      media: Wire.media(.send, codec: .vp8, rtx: true).map {
        var media = $0
        media.localSSRC = media.localSSRC.map { $0 + 1000 }
        media.localRTXSSRC = media.localRTXSSRC.map { $0 + 1000 }
        return media
      }, cname: "s", ntpOffset: .seconds(3_900_000_000), random: &random)
    wire.send(source.next(size: 3000, isKeyFrame: true, now: wire.now), media: 1)
    wire.run(.milliseconds(40))
    Self.stream(&wire, frames: 10, source: &source)
    #expect(wire.videoFrames.map(\.data) == source.sent)
  }

  @Test("H.264 goes the same way, parameter sets in front of its key frames")
  func h264() {
    var wire = Wire(seed: 8, codec: .h264)
    wire.network = .init(loss: 0.05, delay: .milliseconds(10), jitter: .milliseconds(10))
    var packetizer = H264Packetizer(extradata: PacketizerTests.extradata)
    var sent: [[UInt8]] = []
    for index in 0..<80 {
      let isKey = index % 20 == 0
      let slices = [PacketizerTests.unit(isKey ? 0x65 : 0x41, 3000 + index)]
      let data = PacketizerTests.prefixed(slices)
      sent.append(
        isKey ? PacketizerTests.prefixed([PacketizerTests.sps, PacketizerTests.pps] + slices) : data)
      let packet = encodedVideo(data, codec: .h264, time: .milliseconds(Int64(index) * 40), isKeyFrame: isKey)
      wire.send(packetizer.packetize(packet), media: 1)
      wire.run(.milliseconds(40))
    }
    wire.run(.milliseconds(500))
    Self.expectDecodable(wire.videoFrames, sent: sent)
    #expect(wire.videoFrames.count > 70)
  }
}
