/// Why a session ended.
public enum CloseReason: String, Error, Sendable, Equatable {
  /// No valid check for 30 s, or none ever (RFC 7675).
  case consentExpired
  /// The DTLS handshake did not end in time.
  case handshakeTimeout
  /// OpenSSL refused what the peer sent, or the peer refused us.
  case handshakeFailed
  /// The peer's certificate is not the one its session description announced.
  case fingerprintMismatch
  /// No protection profile is known to both sides, or libsrtp refused the keys.
  case protectionFailed
  case closedByPeer
  case closedLocally
}
