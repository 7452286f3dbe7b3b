public import MixCore

/// A whole video frame, in decode order, all its references delivered before it unless it is a recovery point.
public struct ReceivedVideoFrame: Sendable {
  public var codec: VideoCodec
  /// VP8: one frame. H.264: NAL units, each behind a 4-byte big-endian length, parameter sets included.
  public var data: [UInt8]
  public var rtpTimestamp: UInt32
  public var isKeyFrame: Bool
  /// When the earliest and the latest packet of the frame arrived, and when the last gap before it closed.
  public var firstPacket: MediaTime
  public var lastPacket: MediaTime
  public var assembled: MediaTime
  /// The sender's capture instant, estimated on the local clock; never after the arrival nor 1 s before it.
  public var captureTime: MediaTime
  /// The simulcast layer it came from; RTP timestamps of different layers have nothing to do with each other.
  public var layer = 0
  /// Of a recovery point: frames before it were lost, so that the decoder has to recover there.
  public var followsLoss = false
  /// H.264, of no key frame: so many frames behind it pictures are right even if none before it was decoded.
  public var recoveryFrames: UInt16?

  public var isRecoveryPoint: Bool { recoveryFrames != nil }
}

/// One Opus packet, delivered as it arrives; the playout buffer puts them in order.
public struct ReceivedAudioPacket: Sendable {
  public var payload: [UInt8]
  /// Extended over wraps, and over restarts of the sender: it only ever grows.
  public var sequence: Int64
  /// Extended over wraps, in units of 1/48 000 s.
  public var timestamp: Int64
  public var arrival: MediaTime
  /// The sender's capture instant, estimated on the local clock; never after the arrival nor 1 s before it.
  public var captureTime: MediaTime
  /// 0 (loudest) to 127 (silence), in −dBov (RFC 6464).
  public var audioLevel: UInt8?
  /// Repeated in a later packet (RFC 2198), as it did not come by itself in time.
  public var isRedundant = false
}

/// What a session hands up.
enum MediaOutput: Sendable {
  case videoFrame(media: Int, ReceivedVideoFrame)
  case audioPacket(media: Int, ReceivedAudioPacket)
  /// The peer asks for a key frame of what we send in this section.
  case keyFrameRequested(media: Int)
}
