import MixCore
import Testing

@testable import Transport

@Suite("Unwrapping")
struct UnwrappingTests {
  @Test("Sequence numbers keep growing over many wraps, reordered ones find their place")
  func sequences() {
    var unwrapper = SequenceUnwrapper()
    for index in stride(from: Int64(65_000), to: 400_000, by: 7) {
      #expect(unwrapper.unwrap(UInt16(truncatingIfNeeded: index)) == index)
      #expect(unwrapper.unwrap(UInt16(truncatingIfNeeded: index - 50)) == index - 50)
    }
  }

  @Test("Timestamps keep growing over the wrap of 32 bits and follow a jump back")
  func timestamps() {
    var unwrapper = TimestampUnwrapper()
    let start = Int64(UInt32.max) - 1000
    for step in stride(from: Int64(0), to: 5000, by: 960) {
      #expect(unwrapper.unwrap(UInt32(truncatingIfNeeded: start + step)) == start + step)
    }
    #expect(unwrapper.unwrap(UInt32(truncatingIfNeeded: start)) == start)
  }

  @Test("NTP time converts there and back to the nanosecond or nearly so")
  func ntp() {
    for time in [MediaTime.zero, .milliseconds(1), .seconds(3_900_000_000), MediaTime(seconds: 1234.567_891)] {
      let back = NTPTimestamp(time).time
      #expect(abs((back - time).nanoseconds) <= 1)
    }
    #expect(MediaTime(compactNTP: MediaTime.seconds(2).compactNTP) == .seconds(2))
    #expect(MediaTime.distantFuture.compactNTP > 0xfffe_0000)
    #expect(MediaTime.distantPast.compactNTP == 0)
  }

  @Test("A source is believed after two packets in a row, and its numbers lie beyond the old ones")
  func restart() {
    var tracker = SequenceTracker()
    #expect(tracker.note(100) == .restarted(100))
    #expect(tracker.note(101) == .accepted(101, isNewest: true))
    #expect(tracker.note(101) == .duplicate)
    #expect(tracker.note(99) == .accepted(99, isNewest: false))
    #expect(tracker.note(40_000) == .rejected)
    #expect(tracker.note(102) == .accepted(102, isNewest: true))
    #expect(tracker.note(40_000) == .rejected)
    #expect(tracker.note(40_001) == .restarted(131_072 + 40_001))
    #expect(tracker.note(40_002) == .accepted(131_072 + 40_002, isNewest: true))
  }

  @Test("Duplicates are known over the wrap of 16 bits")
  func duplicates() {
    var tracker = SequenceTracker()
    for index in 65_000..<70_000 {
      let number = UInt16(truncatingIfNeeded: index)
      if index > 65_000 {
        #expect(tracker.note(number) == .accepted(Int64(index), isNewest: true))
      } else {
        #expect(tracker.note(number) == .restarted(Int64(index)))
      }
      #expect(tracker.note(number) == .duplicate)
    }
  }
}
