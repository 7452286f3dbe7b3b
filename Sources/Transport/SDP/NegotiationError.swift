/// Why an offer, an answer or a candidate fragment was refused.
public enum NegotiationError: Error, Sendable, Equatable {
  /// The text has more bytes, lines or m-sections than are ever needed.
  case tooLarge
  /// The text is not SDP, or contradicts itself.
  case malformed
  /// Several sections are offered that do not share one transport.
  case noBundle
  /// Nothing is offered over `UDP/TLS/RTP/SAVPF`.
  case profileUnsupported
  /// There is no SHA-256 certificate fingerprint.
  case noFingerprint
  /// There is no ICE user name fragment or password of the required size.
  case noICECredentials
  /// The DTLS roles cannot be agreed.
  case setupUnsupported
  /// RTP and RTCP are not multiplexed.
  case noRTCPMux
  /// No codec is known to both sides.
  case noCommonCodec
  /// No section fits what this session is for.
  case noMedia
  /// An answer came that belongs to no offer, or a fragment before the session was negotiated.
  case unexpected

  /// The stable word of the HTTP interface for this error.
  public var code: String {
    switch self {
    case .tooLarge: "sdp.too-large"
    case .malformed: "sdp.malformed"
    case .noBundle: "sdp.no-bundle"
    case .profileUnsupported: "sdp.profile-unsupported"
    case .noFingerprint: "sdp.no-fingerprint"
    case .noICECredentials: "sdp.no-ice-credentials"
    case .setupUnsupported: "sdp.setup-unsupported"
    case .noRTCPMux: "sdp.no-rtcp-mux"
    case .noCommonCodec: "sdp.no-common-codec"
    case .noMedia: "sdp.no-media"
    case .unexpected: "sdp.unexpected"
    }
  }

  /// One sentence for people.
  public var message: String {
    switch self {
    case .tooLarge: "The session description is larger than any that is needed."
    case .malformed: "This is not a session description, or it contradicts itself."
    case .noBundle: "All media must share one transport (BUNDLE)."
    case .profileUnsupported: "Media must be offered over UDP/TLS/RTP/SAVPF."
    case .noFingerprint: "A SHA-256 certificate fingerprint is missing."
    case .noICECredentials: "The ICE user name fragment or password is missing or too short."
    case .setupUnsupported: "The DTLS roles cannot be agreed."
    case .noRTCPMux: "RTP and RTCP must be multiplexed."
    case .noCommonCodec: "None of the offered codecs is known here: VP8 or H.264, and Opus."
    case .noMedia: "Nothing is offered that fits this session."
    case .unexpected: "There is no offer that this belongs to."
    }
  }
}
