import Glibc
import MixCore

/// A bound for peers without transport-wide feedback, from the losses in their reports: over 10 % is too much, under 2 %
/// leaves room (draft-ietf-rmcat-gcc-02 §6), which is taken faster than there, as nothing else tells that the path is free
/// again.
struct ReportedLoss: Sendable {
  private static let tooMuch = 0.1
  private static let little = 0.02
  /// In a second.
  private static let growth = 1.25
  private static let longestStep = MediaTime.seconds(2)
  /// A bound so far above what is sent bounds nothing.
  private static let useless = 3.0
  private static let pause = MediaTime.milliseconds(300)

  private(set) var bitrate: Double?
  private var lastChange = MediaTime.distantPast

  /// - Parameter offered: what there is to send at present; zero while that is not known.
  mutating func note(_ loss: Double, offered: Double, now: MediaTime) {
    guard offered > 0, now - lastChange >= Self.pause else { return }
    let passed = min(now - lastChange, Self.longestStep)
    lastChange = now
    if loss > Self.tooMuch {
      bitrate = BitrateLimits.clamp(min(bitrate ?? offered, offered) * (1 - loss / 2))
    } else if loss < Self.little, let known = bitrate {
      let grown = known * pow(Self.growth, passed.seconds)
      bitrate = grown > offered * Self.useless ? nil : BitrateLimits.clamp(grown)
    }
  }
}
