import MixCore
import Testing

@testable import Transport

@Suite("Capture time")
struct CaptureClockTests {
  static func ntp(_ seconds: Double) -> NTPTimestamp {
    NTPTimestamp(.seconds(3_900_000_000) + MediaTime(seconds: seconds))
  }

  /// Feeds `count` packets of 20 ms each to a track; answers the last estimate's distance from the arrival.
  @discardableResult
  static func feed(
    _ clock: inout CaptureClock, track: Int, rate: Int64, count: Int = 50, from start: MediaTime = .seconds(10),
    firstTimestamp: UInt32 = 5000, delay: (Int) -> MediaTime
  ) -> MediaTime {
    var late = MediaTime.zero
    for index in 0..<count {
      let captured = MediaTime.milliseconds(20) * Int64(index)
      let arrival = start + captured + delay(index)
      let timestamp = firstTimestamp &+ UInt32(truncatingIfNeeded: captured.count(rate: rate))
      late = arrival - clock.note(track: track, timestamp: timestamp, arrival: arrival)
      #expect(late >= .zero && late <= .seconds(1))
    }
    return late
  }

  @Test("Before any report, the fastest packet is taken to have come without delay")
  func arrivalBased() {
    var clock = CaptureClock(clockRates: [90_000])
    let late = Self.feed(&clock, track: 0, rate: 90_000) { .milliseconds($0 == 3 ? 0 : Int64($0 % 7) * 5 + 5) }
    #expect(abs((late - .milliseconds(Int64(49 % 7) * 5 + 5)).milliseconds) < 0.1)
  }

  @Test("With reports, sound and slower picture of one instant get the same time")
  func aligned() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false)
    clock.map(track: 1, timestamp: 9000, to: Self.ntp(7), isCaptureTime: false)
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    // The encoder of the picture takes 80 ms more.
    let late = Self.feed(&clock, track: 1, rate: 90_000, firstTimestamp: 9000) { _ in .milliseconds(90) }
    #expect(abs((late - .milliseconds(80)).milliseconds) < 0.1)
  }

  @Test("A report that comes later moves nothing by itself")
  func lateReport() {
    var clock = CaptureClock(clockRates: [48_000])
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(30) }
    let before = clock.captureTime(track: 0, timestamp: 5960, arrival: .seconds(10) + .milliseconds(60))
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(123), isCaptureTime: false)
    let after = clock.captureTime(track: 0, timestamp: 5960, arrival: .seconds(10) + .milliseconds(60))
    #expect(abs((before - after).nanoseconds) < 1000)
  }

  @Test(
    "A report that is wrong by hours, or nonsense, spoils neither track",
    arguments: [0, 1, UInt64.max, 0x8000_0000_0000_0000, 0xe800_0000_0000_0000])
  func wrongReport(raw: UInt64) {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false)
    clock.map(track: 1, timestamp: 0x7fff_0000, to: NTPTimestamp(rawValue: raw), isCaptureTime: false)
    let sound = Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let picture = Self.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(90) }
    #expect(sound < .milliseconds(1))
    #expect(picture < .milliseconds(1))
  }

  @Test("A jump of the sender's clock or of its timestamps is forgotten at once")
  func jumps() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false)
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(-3600), isCaptureTime: false)
    #expect(Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) } < .milliseconds(1))
    let jumped = Self.feed(&clock, track: 0, rate: 48_000, from: .seconds(20), firstTimestamp: 0xf000_0000) { _ in .zero
    }
    #expect(jumped < .milliseconds(1))
  }

  @Test("Capture times of the packets themselves are believed before reports")
  func absoluteCaptureTime() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: true)
    clock.map(track: 1, timestamp: 5000, to: Self.ntp(7), isCaptureTime: true)
    clock.map(track: 1, timestamp: 5000, to: Self.ntp(7.5), isCaptureTime: false)
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let late = Self.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(40) }
    #expect(abs((late - .milliseconds(30)).milliseconds) < 0.1)
  }

  @Test("A sender's clock that runs fast or slow is followed for hours", arguments: [-200.0, 200.0])
  func drift(partsPerMillion: Double) {
    var clock = CaptureClock(clockRates: [48_000])
    var unwrapped = 0.0
    for step in 0..<36_000 {
      let arrival = MediaTime.milliseconds(Int64(step) * 100)
      unwrapped = Double(step) * 4800 * (1 + partsPerMillion / 1e6)
      let timestamp = UInt32(truncatingIfNeeded: Int64(unwrapped))
      let late = arrival - clock.note(track: 0, timestamp: timestamp, arrival: arrival)
      #expect(late >= .zero && late < .milliseconds(5))
    }
  }

  @Test("Over a real session the capture time of every frame is exact within a packet's send time")
  func session() {
    var wire = Wire(senderClockOffset: .seconds(-100_000))
    var source = FrameSource(start: wire.now)
    let start = wire.now
    var opus = OpusPacketizer(timeOrigin: start)
    for index in 0..<100 {
      let captured = MediaTime.milliseconds(40) * Int64(index)
      // Sound is sent 5 ms after it was made, the picture 60 ms after.
      let sound = EncodedPacket(
        track: .audio(.opus), data: [1], time: captured, duration: .milliseconds(20), isKeyFrame: true)
      wire.run(.milliseconds(5))
      wire.send(opus.packetize(sound), media: 0)
      wire.run(.milliseconds(35))
      var frame = source.next(size: 3000, isKeyFrame: index == 0, now: start + captured)
      frame.captureTime = start + captured
      wire.send(frame, media: 1)
    }
    wire.run(.milliseconds(100))
    let error = wire.videoFrames.dropFirst(30).enumerated().map { index, frame in
      frame.captureTime - (start + .milliseconds(Int64(index + 30) * 40))
    }
    // All that cannot be known is the path's own delay: 20 ms, and the sound's 5 ms before it.
    #expect(error.allSatisfy { $0 > .milliseconds(23) && $0 < .milliseconds(28) })
  }
}
