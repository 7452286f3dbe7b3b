public import MixCore

/// The ways to put encoded tracks into one stream of bytes.
public enum Container: String, Sendable, CaseIterable {
  case mp4
  case flv
  case mkv
  case webm
  case ts

  /// The container that a file name asks for by its extension.
  init?(fileName: Substring) {
    guard let dot = fileName.lastIndex(of: "."), dot != fileName.startIndex else { return nil }
    self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
  }

  public var videoCodec: VideoCodec { self == .webm ? .vp8 : .h264 }
  public var audioCodec: AudioCodec { self == .webm ? .opus : .aac }

  /// libavformat's name for its muxer.
  var muxerName: String {
    switch self {
    case .mp4: "mp4"
    case .flv: "flv"
    case .mkv: "matroska"
    case .webm: "webm"
    case .ts: "mpegts"
    }
  }

  /// How sound that only primes the decoder is kept apart from the rest.
  enum PrimingRule {
    /// It lies before zero, and an edit list cuts it off.
    case beforeZero
    /// It is played as silence; all media moves behind it, so that sound and pictures stay together.
    case played
    /// The header says how much there is; packets carry the time of what went into the encoder (Matroska's CodecDelay).
    case inHeader
  }

  var primingRule: PrimingRule {
    switch self {
    case .mp4: .beforeZero
    case .flv, .mkv, .ts: .played
    case .webm: .inHeader
    }
  }
}
