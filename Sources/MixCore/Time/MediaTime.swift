/// A point on, or a distance along, one monotonic time line, in nanoseconds.
///
/// The live driver's zero is an arbitrary instant of `CLOCK_MONOTONIC`; the offline driver's zero is the start of the
/// programme. Arithmetic wraps: values derived from network input must never be able to trap.
public struct MediaTime: Hashable, Comparable, Sendable, Codable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = MediaTime(nanoseconds: 0)
  public static let distantPast = MediaTime(nanoseconds: .min / 4)
  public static let distantFuture = MediaTime(nanoseconds: .max / 4)

  @inlinable public static func microseconds(_ value: Int64) -> MediaTime { MediaTime(nanoseconds: value &* 1_000) }
  @inlinable public static func milliseconds(_ value: Int64) -> MediaTime { MediaTime(nanoseconds: value &* 1_000_000) }
  @inlinable public static func seconds(_ value: Int64) -> MediaTime { MediaTime(nanoseconds: value &* 1_000_000_000) }

  /// The nearest time to `value` seconds; values outside ± 200 years are clamped.
  @inlinable public init(seconds value: Double) {
    let limit = 6.3e9
    let bounded = value.isNaN ? 0 : min(max(value, -limit), limit)
    nanoseconds = Int64((bounded * 1e9).rounded())
  }

  /// `count` units of `1/rate` second, rounded down; exact for every rate used by media (48 000, 90 000, 1 000, fps).
  @inlinable public init(count: Int64, rate: Int64) {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: rate)
    nanoseconds = whole &* 1_000_000_000 &+ rest &* 1_000_000_000 / rate
  }

  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }
  @inlinable public var milliseconds: Double { Double(nanoseconds) / 1e6 }

  /// How many units of `1/rate` second fit, rounded to the nearest.
  @inlinable public func count(rate: Int64) -> Int64 {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let half: Int64 = rest < 0 ? -500_000_000 : 500_000_000
    return whole &* rate &+ (rest &* rate &+ half) / 1_000_000_000
  }

  @inlinable public static func < (lhs: MediaTime, rhs: MediaTime) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
  @inlinable public static func + (lhs: MediaTime, rhs: MediaTime) -> MediaTime {
    MediaTime(nanoseconds: lhs.nanoseconds &+ rhs.nanoseconds)
  }
  @inlinable public static func - (lhs: MediaTime, rhs: MediaTime) -> MediaTime {
    MediaTime(nanoseconds: lhs.nanoseconds &- rhs.nanoseconds)
  }
  @inlinable public static func * (lhs: MediaTime, rhs: Int64) -> MediaTime {
    MediaTime(nanoseconds: lhs.nanoseconds &* rhs)
  }
  @inlinable public static func / (lhs: MediaTime, rhs: Int64) -> MediaTime {
    MediaTime(nanoseconds: lhs.nanoseconds / rhs)
  }
  @inlinable public static prefix func - (value: MediaTime) -> MediaTime {
    MediaTime(nanoseconds: 0 &- value.nanoseconds)
  }
  @inlinable public static func += (lhs: inout MediaTime, rhs: MediaTime) { lhs = lhs + rhs }
  @inlinable public static func -= (lhs: inout MediaTime, rhs: MediaTime) { lhs = lhs - rhs }
}
