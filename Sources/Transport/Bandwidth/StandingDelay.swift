import MixCore

/// Tells a queue on the way from a path that is merely restless: in a queue every packet waits, so that even the
/// quickest of the last moments is late; jitter, or a receiver that was held up for a moment, delays only some.
struct StandingDelay: Sendable {
  private static let moments = MediaTime.milliseconds(200)
  /// The quickest of few packets is late by chance: so much is nothing yet, or this share of how far they scatter.
  private static let least = 12.0
  private static let scatterShare = 0.5
  private static let smoothing = 1.0 / 64

  private var base = MinimumDelay()
  private var recent = MinimumDelay(half: StandingDelay.moments)
  /// Mean distance from the quickest, in milliseconds.
  private var scatter = 0.0

  /// - Parameter arrival: on the receiver's clock; whatever it differs from the sender's cancels out.
  mutating func note(sent: MediaTime, arrival: MediaTime) {
    let delay = arrival - sent
    base.note(delay, now: arrival)
    recent.note(delay, now: arrival)
    guard let quickest = recent.value else { return }
    scatter += ((delay - quickest).milliseconds - scatter) * Self.smoothing
  }

  /// Packets wait in a queue.
  var isThere: Bool {
    guard let base = base.value, let recent = recent.value else { return false }
    return (recent - base).milliseconds > max(Self.least, scatter * Self.scatterShare)
  }
}
