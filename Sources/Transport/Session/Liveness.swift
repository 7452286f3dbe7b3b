import MixCore

/// When the peer last showed that it is there and that it wants our media.
struct Liveness {
  /// Anything that passed an integrity check.
  private(set) var lastHeard: MediaTime
  /// A valid ICE check: consent to send (RFC 7675).
  private(set) var lastConsent: MediaTime

  static let silence = MediaTime.seconds(5)
  static let consent = MediaTime.seconds(30)

  init(now: MediaTime) {
    lastHeard = now
    lastConsent = now
  }

  mutating func heard(now: MediaTime) { lastHeard = max(lastHeard, now) }

  mutating func consented(now: MediaTime) {
    lastConsent = max(lastConsent, now)
    heard(now: now)
  }

  func isSilent(_ now: MediaTime) -> Bool { now - lastHeard >= Self.silence }
  func isExpired(_ now: MediaTime) -> Bool { now - lastConsent >= Self.consent }

  var silenceDeadline: MediaTime { lastHeard + Self.silence }
  var consentDeadline: MediaTime { lastConsent + Self.consent }
}
