import CVPX

/// VP8 by libvpx in its real-time mode: one picture in, one frame out, key frames only where they are asked for or due.
@safe public struct VP8Encoder: ~Copyable {
  public let format: VideoTrackFormat
  private let settings: VideoEncoderSettings
  // On the heap because libvpx is given its address again and again.
  private let context: UnsafeMutablePointer<vpx_codec_ctx_t>
  private var config: vpx_codec_enc_cfg_t
  private var frameNumber: Int64 = 0
  private var sinceKeyFrame = 0

  /// - Parameter cpuUsed: −16 … 16; the further below zero, the faster and the coarser.
  public init(_ settings: VideoEncoderSettings, cpuUsed: Int = -6) throws(CodecError) {
    guard settings.isEncodable, (-16...16).contains(cpuUsed) else { throw .settingsRefused }
    var config = unsafe vpx_codec_enc_cfg_t()
    guard unsafe vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0) == VPX_CODEC_OK else {
      throw .codecMissing
    }
    unsafe Self.apply(settings, to: &config)
    let context = UnsafeMutablePointer<vpx_codec_ctx_t>.allocate(capacity: 1)
    unsafe context.initialize(to: vpx_codec_ctx_t())
    guard unsafe cvpx_vp8_encoder_init(context, &config) == VPX_CODEC_OK else {
      unsafe context.deallocate()
      throw .settingsRefused
    }
    unsafe cvpx_set_cpu_used(context, Int32(cpuUsed))
    // Blocks that differ by less than this are skipped: a still background costs nothing.
    unsafe cvpx_set_static_threshold(context, 1)
    unsafe cvpx_set_max_intra_percent(context, Self.maximumIntraPercent(settings))
    unsafe self.context = context
    unsafe self.config = unsafe config
    self.settings = settings
    format = VideoTrackFormat(
      codec: .vp8, width: settings.width, height: settings.height, frameRate: settings.frameRate)
  }

  deinit {
    unsafe vpx_codec_destroy(context)
    unsafe context.deallocate()
  }

  /// Encodes `frame`, whose planes are read in place. `time` must grow from call to call.
  public mutating func encode(
    _ frame: VideoFrame, time: MediaTime, forceKeyFrame: Bool, ledgerID: UInt64
  ) throws(CodecError) -> EncodedPacket? {
    guard frame.size == settings.size else { throw .inputMismatch }
    var image = unsafe Self.image(of: frame)
    let isDue = sinceKeyFrame >= settings.keyFrameInterval
    let flags = forceKeyFrame || isDue || frameNumber == 0 ? vpx_enc_frame_flags_t(VPX_EFLAG_FORCE_KF) : 0
    let status = unsafe vpx_codec_encode(context, &image, frameNumber, 1, flags, UInt(VPX_DL_REALTIME))
    frameNumber += 1
    sinceKeyFrame += 1
    guard status == VPX_CODEC_OK else { throw .encodingFailed }
    return nextPacket(time: time, ledgerID: ledgerID)
  }

  /// Takes effect with the next picture; values out of range are brought into it.
  public mutating func setBitrate(_ bps: Int) {
    let range = VideoEncoderSettings.bitrates
    unsafe config.rc_target_bitrate = UInt32(min(max(bps, range.lowerBound), range.upperBound) / 1000)
    // A refusal leaves the old rate in force, which is the best that can be done here.
    _ = unsafe vpx_codec_enc_config_set(context, &config)
  }

  private mutating func nextPacket(time: MediaTime, ledgerID: UInt64) -> EncodedPacket? {
    var iterator: vpx_codec_iter_t?
    while let packet = unsafe vpx_codec_get_cx_data(context, &iterator) {
      guard unsafe packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT else { continue }
      let frame = unsafe packet.pointee.data.frame
      let isKeyFrame = unsafe frame.flags & UInt32(VPX_FRAME_IS_KEY) != 0
      if isKeyFrame { sinceKeyFrame = 1 }
      return EncodedPacket(
        track: .video(.vp8), data: unsafe [UInt8](UnsafeRawBufferPointer(start: frame.buf, count: frame.sz)),
        time: time, duration: settings.frameDuration, isKeyFrame: isKeyFrame, ledgerID: ledgerID)
    }
    return nil
  }

  @unsafe private static func apply(_ settings: VideoEncoderSettings, to config: inout vpx_codec_enc_cfg_t) {
    unsafe config.g_w = UInt32(settings.width)
    unsafe config.g_h = UInt32(settings.height)
    unsafe config.g_timebase = vpx_rational(num: 1, den: Int32(settings.frameRate))
    unsafe config.g_threads = UInt32(settings.threads)
    unsafe config.g_error_resilient = 0
    unsafe config.g_lag_in_frames = 0
    unsafe config.kf_mode = VPX_KF_DISABLED
    unsafe config.rc_end_usage = VPX_CBR
    unsafe config.rc_target_bitrate = UInt32(settings.bitrate / 1000)
    // Never drops a picture: the programme's frame rate is constant.
    unsafe config.rc_dropframe_thresh = 0
    unsafe config.rc_min_quantizer = 2
    unsafe config.rc_max_quantizer = 56
    unsafe config.rc_undershoot_pct = 100
    unsafe config.rc_overshoot_pct = 15
    unsafe config.rc_buf_sz = UInt32(settings.bufferMilliseconds)
    unsafe config.rc_buf_initial_sz = UInt32(settings.bufferMilliseconds / 2)
    unsafe config.rc_buf_optimal_sz = UInt32(settings.bufferMilliseconds * 6 / 10)
  }

  /// The largest key frame, in per cent of an average frame: half of what the buffer aims to hold.
  private static func maximumIntraPercent(_ settings: VideoEncoderSettings) -> UInt32 {
    let framesInBuffer = settings.frameRate * settings.bufferMilliseconds / 1000
    return UInt32(max(300, framesInBuffer * 100 * 6 / 10 / 2))
  }

  private static func image(of frame: VideoFrame) -> vpx_image_t {
    var image = unsafe vpx_image_t()
    unsafe vpx_img_wrap(&image, VPX_IMG_FMT_I420, UInt32(frame.width), UInt32(frame.height), 1, frame.y.base)
    unsafe image.planes.0 = frame.y.base
    unsafe image.planes.1 = frame.u.base
    unsafe image.planes.2 = frame.v.base
    unsafe image.stride.0 = Int32(frame.y.stride)
    unsafe image.stride.1 = Int32(frame.u.stride)
    unsafe image.stride.2 = Int32(frame.v.stride)
    return unsafe image
  }
}
