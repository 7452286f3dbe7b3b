/// The fixed numbers of RFC 5389 §6, §15 and RFC 8445 §16.1.
enum STUN {
  static let magicCookie: UInt32 = 0x2112_a442
  static let headerLength = 20
  static let attributeHeaderLength = 4
  static let integrityLength = 20
  static let fingerprintLength = 4
  /// "STUN" in ASCII, so that FINGERPRINT differs from the CRC of protocols that carry one too.
  static let fingerprintMask: UInt32 = 0x5354_554e
  static let bindingMethod: UInt16 = 1
  /// Nothing in ICE needs more; longer ones are dropped unread.
  static let maximumLength = 1280
  /// RFC 5389 §15.3 allows less than 513 bytes.
  static let maximumUsernameLength = 512
}

enum STUNAttribute: UInt16 {
  case username = 0x0006
  case messageIntegrity = 0x0008
  case errorCode = 0x0009
  case unknownAttributes = 0x000a
  case xorMappedAddress = 0x0020
  case priority = 0x0024
  case useCandidate = 0x0025
  case fingerprint = 0x8028
  case iceControlled = 0x8029
  case iceControlling = 0x802a

  /// Types below 0x8000 must be understood or the message is refused (RFC 5389 §15).
  static func isComprehensionRequired(_ type: UInt16) -> Bool { type < 0x8000 }
}

struct STUNTransactionID: Hashable, Sendable {
  let high: UInt32
  let low: UInt64

  init(high: UInt32, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(using random: inout RandomSource) {
    self.init(high: UInt32(truncatingIfNeeded: random.next()), low: random.next())
  }
}

/// Why a datagram that looked like STUN was not taken as such.
enum STUNError: Error {
  /// The header or an attribute says more bytes than there are, or the cookie is wrong.
  case malformed
  /// Longer than any message of ICE.
  case tooLong
  /// There is no FINGERPRINT, or it does not match.
  case badFingerprint
}
