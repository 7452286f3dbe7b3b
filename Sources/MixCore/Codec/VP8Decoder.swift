import CVPX

/// VP8 by libvpx. Nothing reaches the library before its header was checked; after an error only a key frame helps.
@safe public struct VP8Decoder: ~Copyable {
  // On the heap because libvpx is given its address again and again.
  private let context: UnsafeMutablePointer<vpx_codec_ctx_t>
  private var needsKeyFrame = true

  public init(threads: Int = 1) throws(CodecError) {
    let context = UnsafeMutablePointer<vpx_codec_ctx_t>.allocate(capacity: 1)
    unsafe context.initialize(to: vpx_codec_ctx_t())
    var config = vpx_codec_dec_cfg_t(threads: UInt32(min(max(threads, 1), 16)), w: 0, h: 0)
    guard unsafe cvpx_vp8_decoder_init(context, &config) == VPX_CODEC_OK else {
      unsafe context.deallocate()
      throw .codecMissing
    }
    unsafe self.context = context
  }

  deinit {
    unsafe vpx_codec_destroy(context)
    unsafe context.deallocate()
  }

  /// Decodes one frame; `nil` when it is one that is not to be shown.
  public mutating func decode(_ data: [UInt8], into pool: FramePool) throws(CodecError) -> VideoFrame? {
    guard let header = VP8FrameHeader(data) else {
      needsKeyFrame = true
      throw .dataCorrupt
    }
    if let size = header.size, !PixelLimits.allows(size) {
      needsKeyFrame = true
      throw .pictureUnsupported
    }
    guard header.isKeyFrame || !needsKeyFrame else { throw .keyFrameNeeded }
    needsKeyFrame = true
    guard unsafe vpx_codec_decode(context, data, UInt32(data.count), nil, 0) == VPX_CODEC_OK, !isCorrupted else {
      throw .dataCorrupt
    }
    let frame = try picture(into: pool)
    needsKeyFrame = false
    return frame
  }

  private var isCorrupted: Bool {
    var corrupted: Int32 = 0
    return unsafe cvpx_get_frame_corrupted(context, &corrupted) == VPX_CODEC_OK && corrupted != 0
  }

  private func picture(into pool: FramePool) throws(CodecError) -> VideoFrame? {
    var iterator: vpx_codec_iter_t?
    guard let image = unsafe vpx_codec_get_frame(context, &iterator) else { return nil }
    let size = unsafe PixelSize(width: Int(image.pointee.d_w), height: Int(image.pointee.d_h))
    guard unsafe image.pointee.fmt == VPX_IMG_FMT_I420, let frame = pool.acquire(size) else {
      throw .pictureUnsupported
    }
    let planes = unsafe image.pointee.planes
    let strides = unsafe image.pointee.stride
    unsafe frame.y.copy(from: planes.0, stride: Int(strides.0))
    unsafe frame.u.copy(from: planes.1, stride: Int(strides.1))
    unsafe frame.v.copy(from: planes.2, stride: Int(strides.2))
    return frame
  }
}
