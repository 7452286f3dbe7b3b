import MixCore

/// Whether sound that the server makes goes to a viewer together with the packet before it (RFC 2198): while his path
/// loses packets, and has room for as much sound again.
struct SoundProtection: Sendable {
  private static let noticeable = 0.02
  private static let memory = MediaTime.seconds(10)
  /// Bits per second. Below, what is lost is too much rather than too little sound.
  private static let leastRate = 400_000.0

  private var end = MediaTime.distantPast

  /// - Parameter loss: share of what was sent lately.
  mutating func note(loss: Double, now: MediaTime) {
    if loss >= Self.noticeable { end = now + Self.memory }
  }

  /// - Parameter available: bits per second; `nil` while nobody knows.
  func isNeeded(available: Double?, now: MediaTime) -> Bool {
    now < end && (available ?? .infinity) >= Self.leastRate
  }
}
