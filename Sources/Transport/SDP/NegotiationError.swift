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
}
