public import MixCore

/// What offer and answer agreed for one m-section; its place in the list is the `media` index used everywhere else.
public struct NegotiatedMedia: Sendable, Equatable {
  public var kind: MediaIntent.Kind
  /// Ours.
  public var direction: MediaIntent.Direction
  public var mid: String
  public var videoCodec: VideoCodec?
  public var payloadType: UInt8
  public var rtxPayloadType: UInt8?
  /// What we send with, or with what our feedback is signed when we only receive.
  public var localSSRC: UInt32?
  public var localRTXSSRC: UInt32?
  /// Announced by `a=ssrc`; media of other sources of the same m-section is found by its MID.
  public var remoteSSRC: UInt32?
  public var remoteRTXSSRC: UInt32?
  public var remoteStreamID: String?
  /// Of audio that repeats earlier packets (RFC 2198), if both sides may send it.
  public var redPayloadType: UInt8?
  /// The simulcast layers (RFC 8853) by their RIDs, as their sender lists them; empty without simulcast.
  public var layers: [String] = []
  /// True for a section that carries nothing; all other members are then meaningless.
  public var rejected: Bool

  var feedback: FeedbackKinds
  var extensions: HeaderExtensionMap
  /// What we send each layer with, in the order of `layers`.
  var layerSources: [LayerSource] = []

  /// Units of RTP timestamps per second.
  public var clockRate: Int64 { kind == .audio ? 48_000 : 90_000 }

  static func rejected(kind: MediaIntent.Kind, mid: String) -> NegotiatedMedia {
    NegotiatedMedia(
      kind: kind, direction: .receive, mid: mid, payloadType: 0, rejected: true, feedback: [],
      extensions: HeaderExtensionMap())
  }
}

/// The SSRCs of one simulcast layer of ours.
struct LayerSource: Sendable, Equatable {
  var ssrc: UInt32
  var repair: UInt32?
}

/// The kinds of `a=rtcp-fb` this transport speaks.
struct FeedbackKinds: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  static let nack = FeedbackKinds(rawValue: 1)
  static let pictureLoss = FeedbackKinds(rawValue: 2)
  static let fullIntra = FeedbackKinds(rawValue: 4)
  static let transportWide = FeedbackKinds(rawValue: 8)
  static let receiverEstimate = FeedbackKinds(rawValue: 16)

  /// Every kind with its words in SDP (RFC 4585 §4.2, RFC 5104 §7.1), in the order they are written.
  static let words: [(kind: FeedbackKinds, text: String)] = [
    (.nack, "nack"), (.pictureLoss, "nack pli"), (.fullIntra, "ccm fir"), (.transportWide, "transport-cc"),
    (.receiverEstimate, "goog-remb"),
  ]
}
