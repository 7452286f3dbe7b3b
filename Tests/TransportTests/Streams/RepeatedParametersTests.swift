import MixCore
import Testing

@testable import Transport

/// Streams of encoders that write parameter sets before every picture, or before the recovery points of an intra refresh.
@Suite("H.264 with parameter sets before delta frames")
struct RepeatedParametersTests {
  /// Sends delta frames with parameter sets, and what is asked for in between.
  private static func sendDeltas(
    _ count: Int, aggregated: Bool, on feed: inout H264ReceptionTests.Feed, order: ([Int]) -> [Int] = { $0 }
  ) {
    for _ in 0..<count {
      feed.send(isKeyFrame: false, aggregated: aggregated, hasParameters: true, order: order)
      let now = feed.now
      _ = writeRTCP { feed.stream.writeFeedback(into: &$0, sender: 1, now: now) }
    }
  }

  @Test("Behind a loss nothing is shown before an IDR picture, and requests for one go on", arguments: [false, true])
  func loss(aggregated: Bool) {
    var feed = H264ReceptionTests.Feed()
    feed.send(isKeyFrame: true, aggregated: aggregated)
    Self.sendDeltas(10, aggregated: aggregated, on: &feed)
    #expect(feed.frames.count == 11)
    #expect(feed.stream.counters.keyFramesRequested == 0)
    Self.sendDeltas(1, aggregated: aggregated, on: &feed) { $0.filter { $0 != 2 } }
    Self.sendDeltas(150, aggregated: aggregated, on: &feed)
    #expect(feed.frames.count == 11)
    // Once a second of the five, after the first half second, and the fifth only two seconds later.
    #expect((4...5).contains(feed.stream.counters.keyFramesRequested))
    feed.send(isKeyFrame: true, aggregated: aggregated)
    Self.sendDeltas(5, aggregated: aggregated, on: &feed)
    #expect(feed.frames.map(\.isKeyFrame) == (0..<17).map { $0 == 0 || $0 == 11 })
    #expect(!feed.stream.keyFrames.isWanted)
  }

  @Test(
    "A whole key frame behind a loss is shown at once, in whatever order its packets come", arguments: [false, true],
    [false, true])
  func keyFrameBehindLoss(aggregated: Bool, isReversed: Bool) {
    var feed = H264ReceptionTests.Feed()
    feed.send(isKeyFrame: true, aggregated: aggregated)
    Self.sendDeltas(1, aggregated: aggregated, on: &feed) { $0.filter { $0 != 2 } }
    Self.sendDeltas(2, aggregated: aggregated, on: &feed)
    #expect(feed.frames.count == 1)
    feed.send(isKeyFrame: true, aggregated: aggregated) { isReversed ? $0.reversed() : $0 }
    #expect(feed.frames.map(\.isKeyFrame) == [true, true])
    Self.sendDeltas(1, aggregated: aggregated, on: &feed)
    #expect(feed.frames.count == 3)
  }

  @Test("Parameter sets alone end no wish for a key frame, the first packet of its picture does")
  func wish() {
    var feed = H264ReceptionTests.Feed()
    Self.sendDeltas(3, aggregated: false, on: &feed)
    #expect(feed.stream.keyFrames.isWanted)
    feed.send(isKeyFrame: true) { Array($0.prefix(2)) }
    #expect(feed.stream.keyFrames.isWanted)
    feed.send(isKeyFrame: true) { Array($0.prefix(3)) }
    #expect(!feed.stream.keyFrames.isWanted)
    #expect(feed.frames.isEmpty)
  }
}
