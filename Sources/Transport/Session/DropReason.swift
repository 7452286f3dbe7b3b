/// Why a datagram was not taken. None is ever answered.
public enum DropReason: Int, Error, Sendable, CaseIterable {
  /// Neither STUN nor DTLS nor RTP by its first bytes, or inconsistent in its lengths.
  case malformed
  /// STUN without or with a wrong fingerprint.
  case stunFingerprint
  /// STUN with the wrong user name or integrity.
  case stunCredentials
  /// A STUN message that fits nothing we asked or offer.
  case stunUnexpected
  /// Not STUN, and from an address that has not completed an authenticated check.
  case unknownAddress
  /// Media before the keys are agreed, or anything after the end.
  case notOpen
  /// SRTP or SRTCP whose tag does not match.
  case notAuthentic
  /// SRTP or SRTCP seen before, or far too old.
  case replayed
  /// One more SSRC than a peer may use.
  case tooManySources
  /// Authentic, but of no negotiated section, or of no use any more: a packet that came twice by retransmission.
  case unwantedMedia
}

/// Dropped datagrams by reason.
public struct DropCounters: Sendable {
  private var counts = [UInt64](repeating: 0, count: DropReason.allCases.count)

  public subscript(_ reason: DropReason) -> UInt64 { counts[reason.rawValue] }

  public var total: UInt64 { counts.reduce(0, &+) }

  mutating func count(_ reason: DropReason) { counts[reason.rawValue] &+= 1 }
}
