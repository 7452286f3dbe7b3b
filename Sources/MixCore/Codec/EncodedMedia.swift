public enum VideoCodec: String, Sendable, Codable, CaseIterable {
  case vp8
  case h264
}

public enum AudioCodec: String, Sendable, Codable, CaseIterable {
  case opus
  case aac
}

/// One encoded video frame or audio packet, immutable once made; copies share the bytes.
public struct EncodedPacket: Sendable {
  public enum Track: Sendable, Equatable {
    case video(VideoCodec)
    case audio(AudioCodec)
  }

  public var track: Track
  /// H.264: NAL units, each behind a 4-byte big-endian length (ISO/IEC 14496-15), without parameter sets (those are in
  /// `VideoTrackFormat.extradata`). VP8: one frame (RFC 6386). Opus: one packet (RFC 6716). AAC: one raw access unit.
  public var data: [UInt8]
  /// Presentation time on the programme's time line. No B-frames are ever made, so it is the decode time too.
  public var time: MediaTime
  public var duration: MediaTime
  /// Audio packets are always key frames.
  public var isKeyFrame: Bool
  /// Row of the programme ledger for a video frame; 0 when there is none.
  public var ledgerID: UInt64

  public init(
    track: Track, data: [UInt8], time: MediaTime, duration: MediaTime, isKeyFrame: Bool, ledgerID: UInt64 = 0
  ) {
    self.track = track
    self.data = data
    self.time = time
    self.duration = duration
    self.isKeyFrame = isKeyFrame
    self.ledgerID = ledgerID
  }

  public var isVideo: Bool {
    if case .video = track { true } else { false }
  }
}

/// What a muxer or an SDP answer must know of an encoded video track before its first packet.
public struct VideoTrackFormat: Sendable, Equatable {
  public var codec: VideoCodec
  public var width: Int
  public var height: Int
  /// Frames per second.
  public var frameRate: Int
  /// H.264: an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1). VP8: empty.
  public var extradata: [UInt8]

  public init(codec: VideoCodec, width: Int, height: Int, frameRate: Int, extradata: [UInt8] = []) {
    self.codec = codec
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.extradata = extradata
  }
}

/// What a muxer must know of an encoded audio track before its first packet. Always 48 kHz.
public struct AudioTrackFormat: Sendable, Equatable {
  public var codec: AudioCodec
  public var channels: Int
  /// AAC: AudioSpecificConfig. Opus: OpusHead (RFC 7845 §5.1).
  public var extradata: [UInt8]
  /// Samples the decoder must discard at the start (AAC priming, Opus pre-skip).
  public var primingSamples: Int

  public init(codec: AudioCodec, channels: Int = 2, extradata: [UInt8], primingSamples: Int) {
    self.codec = codec
    self.channels = channels
    self.extradata = extradata
    self.primingSamples = primingSamples
  }
}
