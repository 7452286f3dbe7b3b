public import MixCore

/// The outside world of a rendering: when things really happen, and how to wait.
public struct RenderClock: Sendable {
  /// For the ledger only; the programme runs on its own virtual clock.
  public var now: @Sendable () -> MediaTime
  /// With `--realtime`: sleeps until that instant of `now`. `nil`: as fast as possible.
  public var sleep: (@Sendable (_ until: MediaTime) -> Void)?

  public init(now: @escaping @Sendable () -> MediaTime, sleep: (@Sendable (MediaTime) -> Void)? = nil) {
    self.now = now
    self.sleep = sleep
  }
}
