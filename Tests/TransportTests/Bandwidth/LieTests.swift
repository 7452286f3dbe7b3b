import MixCore
import Testing

@testable import Transport

@Suite("Feedback that lies")
struct LieTests {
  /// A session's sending side that has sent for a second.
  private static func makePlane(frames: Int = 30) -> (MediaPlane, MediaTime) {
    var plane = SendingTests.makePlane()
    var source = FrameSource(start: .zero)
    var now = MediaTime.zero
    for index in 0..<frames {
      now = MediaTime(count: Int64(index), rate: 30)
      _ = plane.enqueue(source.next(size: 4000, isKeyFrame: index == 0, now: now), media: 1, now: now)
      _ = drain(&plane, now: now)
    }
    return (plane, now)
  }

  private static func drain(_ plane: inout MediaPlane, now: MediaTime) -> Int {
    var total = 0
    while true {
      let bytes = unsafe Wire.buffer { unsafe plane.writeNext(into: $0, now: now) }
      if bytes.isEmpty { return total }
      total += bytes.count
    }
  }

  @Test("REMB of nothing and of everything is taken as the least and the most there is", arguments: [0, UInt64.max])
  func receiverEstimate(claim: UInt64) {
    var (plane, now) = Self.makePlane()
    let lie = writeRTCP { _ = $0.receiverEstimate(ReceiverEstimate(bitrate: claim), sender: 1, sources: [20]) }
    #expect(SendingTests.receive(lie, by: &plane, now: now))
    let rate = plane.transportSender.bandwidth.available ?? -1
    #expect(BitrateLimits.range.contains(rate))
    if claim == 0 { #expect(rate == BitrateLimits.range.lowerBound) }
  }

  @Test("Reports on packets never sent change nothing")
  func neverSent() {
    var (plane, now) = Self.makePlane()
    let before = plane.transportSender.bandwidth.available
    var receiver = TransportReceiver()
    for index in 0..<200 {
      receiver.note(UInt16(40_000 + index), ssrc: 1, bytes: 1000, arrival: now + .milliseconds(Int64(index)))
    }
    let lie = writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
    #expect(SendingTests.receive(lie, by: &plane, now: now))
    #expect(plane.transportSender.bandwidth.available == before)
    #expect(plane.transportSender.packetsAcknowledged == 0)
  }

  @Test("Whatever arrival times a peer invents, the rate stays within its bounds", arguments: [1, 2, 3] as [UInt64])
  func invented(seed: UInt64) {
    var (plane, now) = Self.makePlane()
    var random = SeededRandom(seed: seed)
    var source = FrameSource(start: .zero)
    var number: UInt16 = 1
    for round in 0..<300 {
      now += .milliseconds(33)
      _ = plane.enqueue(source.next(size: 5000, isKeyFrame: round % 30 == 0, now: now), media: 1, now: now)
      _ = Self.drain(&plane, now: now)
      var receiver = TransportReceiver()
      for _ in 0..<8 {
        let arrival = MediaTime.milliseconds(Int64.random(in: 0...100_000_000, using: &random))
        if Bool.random(using: &random) { receiver.note(number, ssrc: 1, bytes: 1000, arrival: arrival) }
        number &+= 1
      }
      let lie = writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
      _ = SendingTests.receive(lie, by: &plane, now: now)
      #expect(BitrateLimits.range.contains(plane.transportSender.bandwidth.available ?? 30_000))
    }
  }

  @Test("Who asks for every number gets no more than the media again, and not faster than the pace")
  func everything() {
    var (plane, now) = Self.makePlane(frames: 60)
    var repaired = 0
    for start in stride(from: 0, to: 65_536, by: 2048) {
      let all = (0..<2048).map { UInt16(truncatingIfNeeded: start + $0) }
      _ = SendingTests.receive(writeRTCP { _ = $0.nack(all[...], sender: 1, media: 20) }, by: &plane, now: now)
      now += .milliseconds(30)
      repaired += Self.drain(&plane, now: now)
    }
    // A second at the pace of the start, and the credit that was saved up.
    #expect(repaired > 10_000)
    #expect(repaired < 260_000)
  }
}
