/// The decoder of one of the codecs a participant may send.
public struct VideoDecoder: ~Copyable {
  public let codec: VideoCodec
  // Exactly the one that `codec` names is there. Two optionals, because a payload of a noncopyable enum cannot be
  // mutated in place.
  private var vp8: VP8Decoder?
  private var h264: H264Decoder?

  public init(codec: VideoCodec, extradata: [UInt8] = []) throws(CodecError) {
    self.codec = codec
    switch codec {
    case .vp8: vp8 = try VP8Decoder()
    case .h264: h264 = try H264Decoder(extradata: extradata)
    }
  }

  /// Decodes one frame; `nil` when it is one that is not to be shown. After an error a key frame is needed.
  public mutating func decode(_ data: [UInt8], into pool: FramePool) throws(CodecError) -> VideoFrame? {
    switch codec {
    case .vp8: try vp8?.decode(data, into: pool)
    case .h264: try h264?.decode(data, into: pool)
    }
  }

  /// The next frame is a recovery point and is decoded without any before it; pictures come once they are right.
  public mutating func recover() { h264?.recover() }
}
