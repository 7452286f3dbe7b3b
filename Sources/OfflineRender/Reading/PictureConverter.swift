import CAVCodec
import CAVFormat
import MixCore

/// Brings decoded pictures of any kind into I420; those that are I420 already are only copied.
@safe struct PictureConverter: ~Copyable {
  private var scaler: OpaquePointer?

  init() {}

  deinit { unsafe sws_freeContext(scaler) }

  /// `nil` when there is no conversion, or the picture is beyond `PixelLimits`.
  mutating func convert(_ source: UnsafePointer<AVFrame>, into pool: FramePool) -> VideoFrame? {
    let width = unsafe source.pointee.width
    let height = unsafe source.pointee.height
    guard let frame = pool.acquire(PixelSize(width: Int(width), height: Int(height))) else { return nil }
    let format = unsafe AVPixelFormat(rawValue: source.pointee.format)
    unsafe scaler = sws_getCachedContext(
      scaler, width, height, format, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR | SWS_ACCURATE_RND, nil, nil, nil)
    guard let scaler = unsafe scaler else { return nil }
    let rows = unsafe cavformat_scale(
      scaler, source, frame.y.base, frame.u.base, frame.v.base, Int32(frame.y.stride), Int32(frame.u.stride))
    return rows == height ? frame : nil
  }
}
