import MixCore
import Testing

@testable import Transport

@Suite("Capture times that end")
struct CaptureTimeTests {
  @Test("Ten seconds after the last capture time sender reports keep sound and picture together again")
  func expiry() {
    var sender = CaptureClockTests.Sender()
    sender.soundDrift = 200
    sender.clock.map(
      track: 0, timestamp: sender.timestamp(0, 0), to: CaptureClockTests.ntp(100), isCaptureTime: true,
      now: .seconds(50))
    sender.run(from: 0, to: 1800)
    #expect(sender.worstSkew < 0.02)
  }

  @Test("Sender reports of a source without capture times count at once where it replaces one that had them")
  func otherSource() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: CaptureClockTests.ntp(7), isCaptureTime: false, now: .seconds(10))
    clock.map(track: 1, timestamp: 5000, to: CaptureClockTests.ntp(7), isCaptureTime: true, now: .seconds(10))
    CaptureClockTests.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    CaptureClockTests.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(40) }
    clock.restart(track: 1)
    // It is slower than the one before by 60 ms, which only its report tells.
    let before = CaptureClockTests.feed(
      &clock, track: 1, rate: 90_000, from: .seconds(11), firstTimestamp: 900_000
    ) { _ in .milliseconds(100) }
    #expect(before < .milliseconds(40))
    clock.map(track: 1, timestamp: 900_000, to: CaptureClockTests.ntp(8), isCaptureTime: false, now: .seconds(12))
    let after = CaptureClockTests.feed(
      &clock, track: 1, rate: 90_000, from: .seconds(12), firstTimestamp: 990_000
    ) { _ in .milliseconds(100) }
    #expect(abs((after - .milliseconds(90)).milliseconds) < 0.1)
  }
}
