public import MixCore

/// What one m-section of a session may do, seen from this side.
public struct MediaIntent: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable {
    case audio
    case video
  }

  public enum Direction: String, Sendable, Codable {
    case send
    case receive
  }

  public var kind: Kind
  public var direction: Direction
  /// The codecs this side can handle, best first; ignored for audio, which is always Opus.
  public var videoCodecs: [VideoCodec]
  /// The media stream this track belongs to (the first word of `a=msid`); tracks with the same one play in sync.
  public var streamID: String
  /// The RIDs of the simulcast layers an offer sends, at most `Simulcast.maximumLayers`; empty for one stream. Answers
  /// take what is offered.
  public var layers: [String]

  public init(
    kind: Kind, direction: Direction, videoCodecs: [VideoCodec] = [.vp8], streamID: String = "mixd",
    layers: [String] = []
  ) {
    self.kind = kind
    self.direction = direction
    self.videoCodecs = videoCodecs
    self.streamID = streamID
    self.layers = layers
  }
}
