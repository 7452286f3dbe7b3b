/// One instant and what it is on the wall, to keep times over a restart: instants mean nothing to another process.
public struct WallClock: Sendable, Equatable {
  public let now: Instant
  /// Milliseconds since 1970.
  public let milliseconds: Int64

  public init(now: Instant, milliseconds: Int64) {
    self.now = now
    self.milliseconds = milliseconds
  }

  public func milliseconds(of instant: Instant) -> Int64 {
    milliseconds &+ (instant.nanoseconds &- now.nanoseconds) / 1_000_000
  }

  public func instant(of milliseconds: Int64) -> Instant {
    let difference = (milliseconds &- self.milliseconds).multipliedReportingOverflow(by: 1_000_000)
    return Instant(nanoseconds: now.nanoseconds &+ (difference.overflow ? 0 : difference.partialValue))
  }
}
