import MixCore
import Testing

@testable import Transport

/// Streams of encoders that refresh their pictures bit by bit and send no key frame after the first.
@Suite("H.264 with recovery points")
struct RecoveryPointTests {
  private static func sendDeltas(_ count: Int, on feed: inout H264ReceptionTests.Feed) {
    for _ in 0..<count { feed.send(isKeyFrame: false) }
  }

  @Test("Behind a loss that nothing repairs decoding begins anew at the next one", arguments: [false, true])
  func loss(hasParameters: Bool) {
    var feed = H264ReceptionTests.Feed()
    feed.send(isKeyFrame: true)
    Self.sendDeltas(1, on: &feed)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    Self.sendDeltas(10, on: &feed)
    feed.wait(.seconds(2))
    #expect(feed.frames.count == 2)
    #expect(feed.stream.keyFrames.isWanted)
    feed.send(isKeyFrame: false, hasParameters: hasParameters, hasRecoveryPoint: true)
    Self.sendDeltas(5, on: &feed)
    #expect(feed.frames.map(\.isKeyFrame) == (0..<8).map { $0 == 0 })
    #expect(feed.frames.map(\.isRecoveryPoint) == (0..<8).map { $0 == 2 })
    #expect(feed.frames.map(\.followsLoss) == (0..<8).map { $0 == 2 })
    #expect(!feed.stream.keyFrames.isWanted)
  }

  @Test("A stream that is joined in the middle begins with one")
  func joined() {
    var feed = H264ReceptionTests.Feed()
    Self.sendDeltas(5, on: &feed)
    #expect(feed.frames.isEmpty)
    feed.send(isKeyFrame: false, hasParameters: true, hasRecoveryPoint: true)
    Self.sendDeltas(3, on: &feed)
    #expect(feed.frames.map(\.followsLoss) == [true, false, false, false])
  }

  @Test("As long as what is missing may come it is waited for, and then nothing was lost")
  func repaired() {
    var feed = H264ReceptionTests.Feed()
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: false, hasParameters: true, hasRecoveryPoint: true)
    Self.sendDeltas(2, on: &feed)
    #expect(feed.frames.count == 1)
    feed.receiveLeftOut()
    #expect(feed.frames.map(\.isRecoveryPoint) == [false, false, true, false, false])
    #expect(feed.frames.allSatisfy { !$0.followsLoss })
  }

  @Test("A key frame that comes first is taken first")
  func keyFrame() {
    var feed = H264ReceptionTests.Feed()
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false, hasParameters: true, hasRecoveryPoint: true)
    #expect(feed.frames.map(\.isKeyFrame) == [true, true, false])
    #expect(feed.frames.allSatisfy { !$0.followsLoss })
  }

  /// recovery_frame_cnt 5 and 60.
  private static let near: [UInt8] = [0x06, 6, 2, 0x34, 0x40, 0x80]
  private static let distant: [UInt8] = [0x06, 6, 2, 0x07, 0xb1, 0x80]

  /// A stream that goes on, once nothing is waited for any more, at a recovery point stored behind a gap.
  private static func recovering(_ recoveryPoint: [UInt8]) -> H264ReceptionTests.Feed {
    var feed = H264ReceptionTests.Feed()
    feed.recoveryPoint = recoveryPoint
    feed.send(isKeyFrame: true)
    feed.send(isKeyFrame: false) { Array($0.dropFirst()) }
    feed.send(isKeyFrame: false, hasParameters: true, hasRecoveryPoint: true)
    sendDeltas(2, on: &feed)
    feed.wait(.seconds(2))
    return feed
  }

  @Test("As long as pictures are not right behind a recovery point a key frame is asked for, once a second")
  func slowRecovery() {
    var feed = Self.recovering(Self.distant)
    #expect(feed.frames.map(\.followsLoss) == [false, true, false, false])
    #expect(feed.stream.keyFrames.isWanted)
    for _ in 0..<50 {
      Self.sendDeltas(1, on: &feed)
      let now = feed.now
      _ = writeRTCP { feed.stream.writeFeedback(into: &$0, sender: 1, now: now) }
    }
    #expect(feed.stream.keyFrames.isWanted)
    #expect(feed.stream.counters.keyFramesRequested == 2)
    Self.sendDeltas(8, on: &feed)
    #expect(!feed.stream.keyFrames.isWanted)
    #expect(feed.frames.count == 1 + 1 + 60)
  }

  @Test("A key frame ends the wait behind a recovery point, one that is near needs none")
  func quickRecovery() {
    #expect(!Self.recovering(Self.near).stream.keyFrames.isWanted)
    var feed = Self.recovering(Self.distant)
    feed.send(isKeyFrame: true)
    #expect(!feed.stream.keyFrames.isWanted)
    Self.sendDeltas(3, on: &feed)
    #expect(!feed.stream.keyFrames.isWanted)
  }

  private static let filling = [UInt8](repeating: 7, count: 258)
  private static let behindLongOne: [UInt8] = [0x06, 5, 255, 3] + filling + [6, 1, 0x84, 0x80]
  private static let endless: [UInt8] = [0x06] + [UInt8](repeating: 255, count: 1400)

  static let found: [[UInt8]] = [
    [0x06, 6, 1, 0x84, 0x80], [0x06, 1, 2, 9, 9, 6, 1, 0x84, 0x80], behindLongOne,
    [0x78, 0, 5, 0x06, 6, 1, 0x84, 0x80, 0, 2, 0x41, 1],
  ]
  static let notFound: [[UInt8]] = [
    [0x06, 5, 1, 6, 0x80], [0x06, 6], [0x06, 6, 0, 0x80], [0x06], endless, [0x06, 5, 200, 6, 1, 0x84],
    [0x41, 6, 1, 0x84, 0x80],
  ]

  @Test("One is found behind other messages and in an aggregate, and not in nonsense")
  func parsing() {
    for payload in Self.found + Self.notFound {
      let summary = unsafe payload.withUnsafeBytes { unsafe PayloadSummary($0, codec: .h264) }
      #expect((summary?.recoveryFrames != nil) == Self.found.contains(payload), "\(payload.prefix(12))")
    }
  }

  @Test("One in an aggregate with the parameter sets of its picture begins it, too")
  func aggregated() {
    var feed = H264ReceptionTests.Feed()
    var aggregate: [UInt8] = [0x78]
    for unit in [H264ReceptionTests.sps, H264ReceptionTests.pps, Self.found[0]] {
      aggregate += [0, UInt8(unit.count)]
      aggregate += unit
    }
    let slice: [UInt8] = [0x61, 1, 2, 3]
    for (index, payload) in [aggregate, slice].enumerated() {
      let header = RTPHeader(
        marker: index == 1, payloadType: 96, sequence: UInt16(100 + index), timestamp: 3000, ssrc: 20)
      feed.receive(header, payload)
    }
    #expect(feed.frames.map(\.followsLoss) == [true])
  }

  @Test("How far a recovery point is from right pictures is read", arguments: [0, 5, 60] as [UInt16])
  func distance(frames: UInt16) {
    let payloads: [UInt16: [UInt8]] = [0: Self.found[0], 5: Self.near, 60: Self.distant]
    let summary = unsafe (payloads[frames] ?? []).withUnsafeBytes { unsafe PayloadSummary($0, codec: .h264) }
    #expect(summary?.recoveryFrames == frames)
  }
}
