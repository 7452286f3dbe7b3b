/// The encoder of one of the codecs the programme is offered in.
public struct VideoEncoder: ~Copyable {
  public let format: VideoTrackFormat
  // Exactly the one that `format.codec` names is there. Two optionals, because a payload of a noncopyable enum cannot
  // be mutated in place.
  private var h264: H264Encoder?
  private var vp8: VP8Encoder?

  public init(codec: VideoCodec, settings: VideoEncoderSettings) throws(CodecError) {
    switch codec {
    case .h264:
      let encoder = try H264Encoder(settings)
      format = encoder.format
      h264 = consume encoder
    case .vp8:
      let encoder = try VP8Encoder(settings)
      format = encoder.format
      vp8 = consume encoder
    }
  }

  /// See `H264Encoder.encode` and `VP8Encoder.encode`.
  public mutating func encode(
    _ frame: VideoFrame, time: MediaTime, forceKeyFrame: Bool, ledgerID: UInt64
  ) throws(CodecError) -> EncodedPacket? {
    switch format.codec {
    case .h264: try h264?.encode(frame, time: time, forceKeyFrame: forceKeyFrame, ledgerID: ledgerID)
    case .vp8: try vp8?.encode(frame, time: time, forceKeyFrame: forceKeyFrame, ledgerID: ledgerID)
    }
  }

  /// Takes effect with the next picture; values out of range are brought into it.
  public mutating func setBitrate(_ bps: Int) {
    h264?.setBitrate(bps)
    vp8?.setBitrate(bps)
  }
}
