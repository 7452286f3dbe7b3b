import CSRTP

/// The protection profiles of DTLS-SRTP we speak (RFC 5764 §4.1.2, RFC 7714 §14.2), by their number on the wire.
enum SRTPProfile: UInt, CaseIterable, Sendable {
  case aes128CounterSHA1 = 1
  case aes128GCM = 7
  case aes256GCM = 8

  /// OpenSSL's names, best first.
  static let offeredNames = "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"

  var keyLength: Int { self == .aes256GCM ? 32 : 16 }
  var saltLength: Int { self == .aes128CounterSHA1 ? 14 : 12 }
  /// Of RTP and RTCP alike.
  var tagLength: Int { self == .aes128CounterSHA1 ? 10 : 16 }

  var library: srtp_profile_t {
    switch self {
    case .aes128CounterSHA1: srtp_profile_aes128_cm_sha1_80
    case .aes128GCM: srtp_profile_aead_aes_128_gcm
    case .aes256GCM: srtp_profile_aead_aes_256_gcm
    }
  }
}

/// The two master keys with their salts that one DTLS handshake gives (RFC 5764 §4.2).
struct SRTPKeys: Sendable, Equatable {
  let profile: SRTPProfile
  /// What the DTLS client protects with: key, then salt.
  let client: [UInt8]
  let server: [UInt8]

  static func exportedLength(_ profile: SRTPProfile) -> Int { 2 * (profile.keyLength + profile.saltLength) }

  /// - Parameter exported: client key, server key, client salt, server salt.
  init?(profile: SRTPProfile, exported: [UInt8]) {
    guard exported.count == Self.exportedLength(profile) else { return nil }
    let (key, salt) = (profile.keyLength, profile.saltLength)
    self.profile = profile
    client = Array(exported[0..<key] + exported[(2 * key)..<(2 * key + salt)])
    server = Array(exported[key..<(2 * key)] + exported[(2 * key + salt)...])
  }
}
