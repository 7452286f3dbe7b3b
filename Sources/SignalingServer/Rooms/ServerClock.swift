import Foundation
import Signaling

/// The monotonic time of the rooms, and what it is on the wall.
struct ServerClock: Sendable {
  private let origin = ContinuousClock.now

  func now() -> Instant {
    let (seconds, attoseconds) = (ContinuousClock.now - origin).components
    return Instant(nanoseconds: seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
  }

  func sleep(until instant: Instant) async throws {
    try await Task.sleep(until: origin + .nanoseconds(instant.nanoseconds), clock: .continuous)
  }

  /// One moment on both clocks.
  var wall: WallClock { WallClock(now: now(), milliseconds: Self.wallMilliseconds()) }

  /// The instant that was this many milliseconds after the beginning of 1970.
  func instant(ofWall milliseconds: Int64) -> Instant {
    now().advanced(bySeconds: Double(milliseconds - Self.wallMilliseconds()) / 1000)
  }

  static func wallMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
