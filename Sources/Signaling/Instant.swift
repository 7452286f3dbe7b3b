/// A point on a monotonic time line, in nanoseconds. The zero is the caller's choice; only differences mean anything.
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = Instant(nanoseconds: 0)

  public static func seconds(_ value: Double) -> Instant { Instant(nanoseconds: Int64(value * 1e9)) }

  /// This point moved by `seconds`, which may be negative.
  public func advanced(bySeconds seconds: Double) -> Instant {
    Instant(nanoseconds: nanoseconds &+ Int64(seconds * 1e9))
  }

  /// Seconds from `earlier` to this point.
  public func seconds(since earlier: Instant) -> Double { Double(nanoseconds &- earlier.nanoseconds) / 1e9 }

  public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
}
