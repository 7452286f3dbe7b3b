import MixCore
import Testing

@testable import Transport

@Suite("A bound by reported losses")
struct ReportedLossTests {
  @Test("Before it is known what is sent a loss bounds nothing")
  func unknown() {
    var reported = ReportedLoss()
    reported.note(0.3, offered: 0, now: .seconds(1))
    #expect(reported.bitrate == nil)
    reported.note(0.3, offered: 400_000, now: .seconds(2))
    #expect(reported.bitrate.map { Int($0) } == 340_000)
  }

  @Test("Once nothing is lost any more the least bound is gone within 20 s")
  func recovery() {
    var reported = ReportedLoss()
    for second in 1...60 as ClosedRange<Int64> { reported.note(0.5, offered: 500_000, now: .seconds(second)) }
    #expect(reported.bitrate == BitrateLimits.range.lowerBound)
    for second in 61...80 as ClosedRange<Int64> { reported.note(0, offered: 500_000, now: .seconds(second)) }
    #expect(reported.bitrate == nil)
  }
}
