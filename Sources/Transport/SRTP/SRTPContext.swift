import CSRTP

/// Protects and unprotects one session's RTP and RTCP, in place.
@safe struct SRTPContext: ~Copyable {
  enum Refusal: Error {
    /// Too short or inconsistent to be what it should be.
    case malformed
    /// Seen before, or older than the replay window.
    case replayed
    /// The tag does not match.
    case notAuthentic
    /// One more SSRC than a peer may use.
    case tooManySources
  }

  /// Room that a packet being protected needs behind it: the tag, and the index of SRTCP.
  static let trailer = Int(SRTP_MAX_TRAILER_LEN) + 4

  private static let replayWindow: UInt = 1024
  /// libsrtp keeps a record for each SSRC, and must: without it, packets of a source that was forgotten could be replayed.
  private static let maximumSources = 256
  private static let rtpHeader = 12
  private static let rtcpHeader = 8
  /// The E bit and the index of SRTCP (RFC 3711 §3.4).
  private static let rtcpIndex = 4

  let profile: SRTPProfile
  @unsafe private let inbound: srtp_t
  @unsafe private let outbound: srtp_t
  private var sources: [UInt32] = []

  init(keys: SRTPKeys, isClient: Bool) throws(TransportError) {
    guard SRTPLibrary.isReady else { throw .srtpFailed }
    guard
      let inbound = unsafe Self.make(
        isClient ? keys.server : keys.client, profile: keys.profile, ssrc: ssrc_any_inbound)
    else { throw .srtpFailed }
    guard
      let outbound = unsafe Self.make(
        isClient ? keys.client : keys.server, profile: keys.profile, ssrc: ssrc_any_outbound)
    else {
      unsafe srtp_dealloc(inbound)
      throw .srtpFailed
    }
    profile = keys.profile
    unsafe self.inbound = unsafe inbound
    unsafe self.outbound = unsafe outbound
  }

  deinit {
    unsafe srtp_dealloc(inbound)
    unsafe srtp_dealloc(outbound)
  }

  @unsafe private static func make(_ key: [UInt8], profile: SRTPProfile, ssrc: srtp_ssrc_type_t) -> srtp_t? {
    var policy = unsafe srtp_policy_t()
    guard unsafe srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, profile.library) == srtp_err_status_ok,
      unsafe srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, profile.library) == srtp_err_status_ok
    else { return nil }
    unsafe policy.ssrc.type = ssrc
    unsafe policy.window_size = replayWindow
    unsafe policy.allow_repeat_tx = 0
    var key = key
    return unsafe key.withUnsafeMutableBufferPointer { key in
      unsafe policy.key = key.baseAddress
      var context: srtp_t?
      return unsafe srtp_create(&context, &policy) == srtp_err_status_ok ? context : nil
    }
  }

  /// Decrypts one RTP packet where it lies; returns its new length.
  mutating func unprotectRTP(_ packet: UnsafeMutableRawBufferPointer) throws(Refusal) -> Int {
    guard packet.count >= Self.rtpHeader + profile.tagLength, let base = packet.baseAddress else { throw .malformed }
    let ssrc = unsafe UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    try checkRoom(for: ssrc)
    var length = Int32(truncatingIfNeeded: packet.count)
    try Self.check(unsafe srtp_unprotect(inbound, base, &length))
    remember(ssrc)
    return Int(length)
  }

  /// Decrypts one compound RTCP packet where it lies; returns its new length.
  mutating func unprotectRTCP(_ packet: UnsafeMutableRawBufferPointer) throws(Refusal) -> Int {
    guard packet.count >= Self.rtcpHeader + Self.rtcpIndex + profile.tagLength, let base = packet.baseAddress
    else { throw .malformed }
    let ssrc = unsafe UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    try checkRoom(for: ssrc)
    var length = Int32(truncatingIfNeeded: packet.count)
    try Self.check(unsafe srtp_unprotect_rtcp(inbound, base, &length))
    remember(ssrc)
    return Int(length)
  }

  /// Encrypts the first `length` bytes of `memory`, which has `trailer` more; returns the new length, 0 on refusal.
  func protectRTP(_ memory: UnsafeMutableRawBufferPointer, length: Int) -> Int {
    guard length >= Self.rtpHeader, length &+ Self.trailer <= memory.count, let base = memory.baseAddress
    else { return 0 }
    var count = Int32(truncatingIfNeeded: length)
    return unsafe srtp_protect(outbound, base, &count) == srtp_err_status_ok ? Int(count) : 0
  }

  /// The same for compound RTCP.
  func protectRTCP(_ memory: UnsafeMutableRawBufferPointer, length: Int) -> Int {
    guard length >= Self.rtcpHeader, length &+ Self.trailer <= memory.count, let base = memory.baseAddress
    else { return 0 }
    var count = Int32(truncatingIfNeeded: length)
    return unsafe srtp_protect_rtcp(outbound, base, &count) == srtp_err_status_ok ? Int(count) : 0
  }

  private func checkRoom(for ssrc: UInt32) throws(Refusal) {
    if sources.count >= Self.maximumSources, !sources.contains(ssrc) { throw .tooManySources }
  }

  private mutating func remember(_ ssrc: UInt32) {
    if !sources.contains(ssrc) { sources.append(ssrc) }
  }

  private static func check(_ status: srtp_err_status_t) throws(Refusal) {
    switch status {
    case srtp_err_status_ok: return
    case srtp_err_status_replay_fail, srtp_err_status_replay_old: throw .replayed
    case srtp_err_status_bad_param, srtp_err_status_parse_err: throw .malformed
    default: throw .notAuthentic
    }
  }
}

/// libsrtp's one start per process.
enum SRTPLibrary {
  static let isReady = srtp_init() == srtp_err_status_ok
}
