import MixCore
import Testing

@testable import Transport

@Suite("Video frames under loss on both ways")
struct LossRecoveryTests {
  struct Outcome {
    var delivered: Double
    var longestFreeze = MediaTime.zero
    var keyFrameRequests = 0
    var duration = MediaTime.zero
  }

  /// Sends 30 frames a second; the peer answers a request with its next frame. RTT 60 ms, and RTX gets lost like all else.
  static func stream(seconds: Int, seed: UInt64, loss: Double = 0, prepare: (inout Wire) -> Void = { _ in }) -> Outcome
  {
    var wire = Wire(seed: seed)
    wire.network = .init(loss: loss, delay: .milliseconds(30), jitter: .milliseconds(3), controlLoss: loss)
    prepare(&wire)
    var source = FrameSource(start: wire.now)
    let begin = wire.now
    var answered = 0
    for index in 0..<(seconds * 30) {
      let isKey = index == 0 || wire.keyFrameRequests.count > answered
      answered = wire.keyFrameRequests.count
      wire.send(source.next(size: isKey ? 16_000 : 4000, isKeyFrame: isKey, now: wire.now), media: 1)
      wire.run(begin + MediaTime(count: Int64(index + 1), rate: 30) - wire.now)
    }
    wire.run(.seconds(2))
    VideoDeliveryTests.expectDecodable(wire.videoFrames, sent: source.sent)
    var outcome = Outcome(delivered: Double(wire.videoFrames.count) / Double(source.count))
    outcome.keyFrameRequests = wire.keyFrameRequests.count
    outcome.duration = wire.now - begin
    var last = begin
    for frame in wire.videoFrames {
      outcome.longestFreeze = max(outcome.longestFreeze, frame.assembled - last)
      last = frame.assembled
    }
    return outcome
  }

  @Test(
    "NACK and RTX make whole what random loss took (row A1)",
    arguments: [(0.02, 0.998, 400), (0.05, 0.99, 600), (0.1, 0.95, 800), (0.2, 0.88, 1500)]
      as [(Double, Double, Int64)], [1, 2, 3, 5] as [UInt64])
  func random(row: (loss: Double, delivered: Double, freeze: Int64), seed: UInt64) {
    let outcome = Self.stream(seconds: 15, seed: seed, loss: row.loss)
    #expect(outcome.delivered >= row.delivered)
    #expect(outcome.longestFreeze <= .milliseconds(row.freeze))
  }

  @Test("Bursts of loss cost no second of picture and no more than a request a second (row A2)", arguments: [1, 2, 3])
  func bursts(seed: UInt64) {
    let outcome = Self.stream(seconds: 20, seed: seed) { wire in
      var random = SeededRandom(seed: seed)
      var isInBurst = false
      wire.drops = { _ in
        isInBurst = Double.random(in: 0..<1, using: &random) < (isInBurst ? 0.75 : 0.02)
        return isInBurst
      }
    }
    #expect(outcome.delivered > 0.99)
    #expect(outcome.longestFreeze <= .seconds(1))
    #expect(outcome.keyFrameRequests <= 20)
  }

  @Test(
    "Where nothing is ever sent again, references are lost over and over, but requests stay one a second",
    arguments: [1, 2, 3] as [UInt64])
  func withoutRepair(seed: UInt64) {
    let outcome = Self.stream(seconds: 20, seed: seed, loss: 0.03) { $0.drops = { $0.payloadType == 97 } }
    #expect(outcome.delivered > 0)
    #expect((5...22).contains(outcome.keyFrameRequests))
  }

  @Test("What was lost in an outage is not sent again in one heap: a key frame takes its place")
  func outage() {
    var wire = Wire(seed: 4)
    wire.network = .init(delay: .milliseconds(30))
    var source = FrameSource(start: wire.now)
    VideoDeliveryTests.stream(&wire, frames: 50, source: &source)
    wire.drops = { _ in true }
    VideoDeliveryTests.stream(&wire, frames: 75, source: &source)
    wire.drops = { _ in false }
    let (back, received) = (wire.now, wire.videoFrames.count)
    VideoDeliveryTests.stream(&wire, frames: 25, source: &source)
    let after = wire.videoFrames.dropFirst(received)
    #expect(after.first?.isKeyFrame == true)
    #expect(after.allSatisfy { $0.captureTime > back && $0.assembled - $0.captureTime < .milliseconds(100) })
    #expect(after.count >= 18)
    #expect(wire.keyFrameRequests.count { $0 > back } == 1)
    #expect(wire.receiver.statistics(media: 1).nacksSent == 0)
  }

  /// The stream comes back after a second with a frame of five packets, whose second is lost on its first way; answers
  /// when.
  private static func comeBack(_ wire: inout Wire, _ source: inout FrameSource, isKeyFrame: Bool) -> MediaTime {
    wire.network = .init(delay: .milliseconds(30))
    VideoDeliveryTests.stream(&wire, frames: 50, source: &source)
    wire.drops = { _ in true }
    VideoDeliveryTests.stream(&wire, frames: 25, source: &source)
    var packets = 0
    wire.drops = { header in
      if header.payloadType == 96 { packets += 1 }
      return packets == 2 && header.payloadType == 96
    }
    let sent = wire.now
    wire.send(source.next(size: 5000, isKeyFrame: isKeyFrame, now: sent), media: 1)
    return sent + wire.network.delay
  }

  @Test("Another loss right behind an outage does not put off the request for a key frame")
  func lossBehindOutage() throws {
    var wire = Wire(seed: 6)
    var source = FrameSource(start: wire.now)
    let back = Self.comeBack(&wire, &source, isKeyFrame: false)
    wire.run(.milliseconds(200))
    let asked = try #require(wire.keyFrameRequests.first { $0 > back })
    #expect(asked - back - wire.network.delay <= .milliseconds(40))
  }

  @Test("A key frame right behind an outage is repaired like any other")
  func keyFrameBehindOutage() {
    var wire = Wire(seed: 7)
    var source = FrameSource(start: wire.now)
    let back = Self.comeBack(&wire, &source, isKeyFrame: true)
    let received = wire.videoFrames.count
    wire.run(.milliseconds(200))
    #expect(wire.videoFrames.count == received + 1)
    #expect(wire.videoFrames.last?.isKeyFrame == true)
    #expect(!wire.keyFrameRequests.contains { $0 > back })
  }

  @Test("The last packet of a frame that is lost is sent again before the next frame comes")
  func tail() throws {
    var wire = Wire(seed: 5)
    wire.network = .init(delay: .milliseconds(10))
    var source = FrameSource(start: wire.now)
    VideoDeliveryTests.stream(&wire, frames: 20, source: &source)
    wire.drops = { $0.marker && $0.payloadType == 96 }
    wire.send(source.next(size: 3000, isKeyFrame: false, now: wire.now), media: 1)
    wire.run(.milliseconds(60))
    #expect(wire.videoFrames.count == 21)
    #expect(wire.receiver.statistics(media: 1).nacksSent == 1)
  }

  /// The frame as a browser's encoder of two temporal layers numbers it: every other one needs the one before only, and no
  /// other needs it. Of a frame of one packet.
  private static func layered(_ frame: PacketizedFrame, index: Int) -> PacketizedFrame {
    var layered = frame
    // TL0PICIDX, TID and Y behind the PictureID, and the bits that say that they are there (RFC 7741 §4.2).
    layered.bytes[1] |= 0x60
    layered.bytes.insert(
      contentsOf: [UInt8(truncatingIfNeeded: index / 2), index % 2 == 0 ? 0 : 0x60], at: VP8Packetizer.descriptorLength)
    layered.packets = [0..<layered.bytes.count]
    return layered
  }

  @Test("A frame that others can do without is shown when its second repair comes 30 ms later than round trips take")
  func lateSecondRepair() {
    var wire = Wire(seed: 8)
    wire.network = .init(delay: .milliseconds(30))
    var source = FrameSource(start: wire.now)
    let begin = wire.now
    var lost = (first: 0, repairs: 0)
    for index in 0..<150 {
      if index == 101 {
        wire.network.delay = .milliseconds(45)
        wire.drops = { header in
          if header.payloadType == 96 { lost.first += 1 } else { lost.repairs += 1 }
          return header.payloadType == 96 ? lost.first == 1 : lost.repairs == 1
        }
      }
      let frame = source.next(size: 900, isKeyFrame: index == 0, now: wire.now)
      wire.send(Self.layered(frame, index: index), media: 1)
      wire.run(begin + MediaTime(count: Int64(index + 1), rate: 30) - wire.now)
    }
    wire.run(.milliseconds(100))
    #expect(lost.repairs >= 2)
    #expect(wire.videoFrames.count == source.count)
    #expect(wire.keyFrameRequests.isEmpty)
    VideoDeliveryTests.expectDecodable(wire.videoFrames, sent: source.sent)
  }

  @Test("A side that only receives learns the round trip from the answers to its reference times")
  func roundTrip() throws {
    var wire = Wire()
    wire.network.delay = .milliseconds(75)
    var source = FrameSource(start: wire.now)
    VideoDeliveryTests.stream(&wire, frames: 100, source: &source)
    let time = try #require(wire.receiver.roundTripTime)
    #expect((.milliseconds(148)...(.milliseconds(154))).contains(time))
  }
}
