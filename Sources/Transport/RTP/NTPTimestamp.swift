import MixCore

/// Seconds since 1900 as 32.32 fixed point (RFC 5905 §6), the wall clock of sender reports.
struct NTPTimestamp: Sendable, Equatable {
  var rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  /// `time` counts from 1900.
  init(_ time: MediaTime) {
    let (whole, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let seconds = UInt64(bitPattern: rest < 0 ? whole &- 1 : whole)
    let nanoseconds = UInt64(rest < 0 ? rest &+ 1_000_000_000 : rest)
    rawValue = seconds << 32 | (nanoseconds << 32) / 1_000_000_000
  }

  /// Counted from 1900.
  var time: MediaTime {
    let fraction = ((rawValue & 0xffff_ffff) &* 1_000_000_000) >> 32
    return .seconds(Int64(rawValue >> 32)) + MediaTime(nanoseconds: Int64(fraction))
  }

  /// The middle 32 bits, as in LSR and DLSR: units of 1/65536 s.
  var compact: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 16) }

  /// The 24 bits of abs-send-time: 6.18 fixed point seconds.
  var absoluteSendTime: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 14) & 0xff_ffff }
}

extension MediaTime {
  /// From units of 1/65536 s.
  init(compactNTP value: UInt32) {
    self.init(nanoseconds: Int64((UInt64(value) &* 1_000_000_000) >> 16))
  }

  /// In units of 1/65536 s, saturated.
  var compactNTP: UInt32 {
    let bounded = UInt64(min(max(nanoseconds, 0), 65_535_000_000_000))
    return UInt32(truncatingIfNeeded: (bounded << 16) / 1_000_000_000)
  }
}
