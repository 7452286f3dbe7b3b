import MixCore

/// A bound for peers without transport-wide feedback, from the losses in their reports: over 10 % is too much, under 2 %
/// leaves room (draft-ietf-rmcat-gcc-02 §6), which is taken faster than there: a report comes once a second, and nothing
/// else tells that the path is free again.
struct ReportedLoss: Sendable {
  private static let tooMuch = 0.1
  private static let little = 0.02
  private static let growth = 1.25
  /// A bound so far above what is sent bounds nothing.
  private static let useless = 3.0
  private static let pause = MediaTime.milliseconds(300)

  private(set) var bitrate: Double?
  private var lastChange = MediaTime.distantPast

  /// - Parameter sent: what is sent at present; zero while that is not known.
  mutating func note(_ loss: Double, sent: Double, now: MediaTime) {
    guard sent > 0, now - lastChange >= Self.pause else { return }
    lastChange = now
    if loss > Self.tooMuch {
      bitrate = BitrateLimits.clamp(min(bitrate ?? sent, sent) * (1 - loss / 2))
    } else if loss < Self.little, let known = bitrate {
      let grown = known * Self.growth
      bitrate = grown > sent * Self.useless ? nil : BitrateLimits.clamp(grown)
    }
  }
}
