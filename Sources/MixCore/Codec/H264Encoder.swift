import CX264

/// H.264 by libx264: one picture in, one access unit out, no B-frames, no look-ahead, bit-identical from run to run.
@safe public struct H264Encoder: ~Copyable {
  /// Carries the parameter sets; the packets do not.
  public let format: VideoTrackFormat
  private let settings: VideoEncoderSettings
  private let encoder: OpaquePointer
  private var frameNumber: Int64 = 0
  private var sinceKeyFrame = 0
  /// Of the preset `live`.
  private var rate: RateControl?
  private var activity = PictureActivity()

  public init(_ settings: VideoEncoderSettings) throws(CodecError) {
    guard settings.isEncodable, Self.presets.contains(settings.preset) else { throw .settingsRefused }
    var parameters = unsafe x264_param_t()
    let isLive = settings.preset == Self.live
    guard unsafe x264_param_default_preset(&parameters, isLive ? "superfast" : settings.preset, "zerolatency") == 0
    else {
      throw .settingsRefused
    }
    unsafe Self.apply(settings, to: &parameters)
    if isLive { unsafe Self.applyLive(to: &parameters) }
    guard unsafe x264_param_apply_profile(&parameters, "high") == 0,
      let encoder = unsafe cx264_encoder_open(&parameters)
    else { throw .settingsRefused }
    guard let extradata = unsafe Self.decoderConfiguration(of: encoder) else {
      unsafe x264_encoder_close(encoder)
      throw .encodingFailed
    }
    unsafe self.encoder = encoder
    self.settings = settings
    if isLive {
      rate = RateControl(
        bitrate: settings.bitrate, bufferMilliseconds: settings.bufferMilliseconds, frameRate: settings.frameRate,
        keyFrameInterval: settings.keyFrameInterval)
    }
    format = VideoTrackFormat(
      codec: .h264, width: settings.width, height: settings.height, frameRate: settings.frameRate, extradata: extradata)
  }

  deinit { unsafe x264_encoder_close(encoder) }

  /// Encodes `frame`, whose planes are read in place. `time` must grow from call to call.
  public mutating func encode(
    _ frame: VideoFrame, time: MediaTime, forceKeyFrame: Bool, ledgerID: UInt64
  ) throws(CodecError) -> EncodedPacket? {
    guard frame.size == settings.size else { throw .inputMismatch }
    var input = unsafe picture(of: frame)
    unsafe decide(about: &input, frame, forceKeyFrame: forceKeyFrame)
    var output = unsafe x264_picture_t()
    var units: UnsafeMutablePointer<x264_nal_t>?
    var count: Int32 = 0
    let byteCount = unsafe x264_encoder_encode(encoder, &units, &count, &input, &output)
    frameNumber += 1
    sinceKeyFrame = unsafe output.b_keyframe != 0 ? 1 : sinceKeyFrame + 1
    rate?.note(bits: 8 * Int(max(0, byteCount)))
    guard byteCount >= 0 else { throw .encodingFailed }
    guard byteCount > 0, count > 0, let first = unsafe units?.pointee.p_payload else { return nil }
    // x264 guarantees that the payloads of one access unit lie behind each other.
    return EncodedPacket(
      track: .video(.h264), data: unsafe [UInt8](UnsafeBufferPointer(start: first, count: Int(byteCount))), time: time,
      duration: settings.frameDuration, isKeyFrame: unsafe output.b_keyframe != 0, ledgerID: ledgerID)
  }

  /// Type and quantiser of a picture; without rate control of its own, x264 decides.
  @unsafe private mutating func decide(about input: inout x264_picture_t, _ frame: VideoFrame, forceKeyFrame: Bool) {
    guard rate != nil else {
      unsafe input.i_type = forceKeyFrame ? X264_TYPE_IDR : X264_TYPE_AUTO
      return
    }
    let isKeyFrame = forceKeyFrame || frameNumber == 0 || sinceKeyFrame >= settings.keyFrameInterval
    unsafe input.i_type = isKeyFrame ? X264_TYPE_IDR : X264_TYPE_P
    activity.measure(frame)
    if let quantiser = rate?.choose(for: activity, isKeyFrame: isKeyFrame) {
      unsafe input.i_qpplus1 = Int32(quantiser) + 1
    }
  }

  /// Takes effect with the next picture; values out of range are brought into it.
  public mutating func setBitrate(_ bps: Int) {
    guard rate == nil else {
      let range = VideoEncoderSettings.bitrates
      rate?.bitrate = Double(min(max(bps, range.lowerBound), range.upperBound))
      return
    }
    var parameters = unsafe x264_param_t()
    unsafe x264_encoder_parameters(encoder, &parameters)
    unsafe Self.apply(bitrate: bps, bufferMilliseconds: settings.bufferMilliseconds, to: &parameters)
    // A refusal leaves the old rate in force, which is the best that can be done here.
    _ = unsafe x264_encoder_reconfig(encoder, &parameters)
  }

  private func picture(of frame: VideoFrame) -> x264_picture_t {
    var picture = unsafe x264_picture_t()
    unsafe x264_picture_init(&picture)
    unsafe picture.i_pts = frameNumber
    unsafe picture.img.i_csp = X264_CSP_I420
    unsafe picture.img.i_plane = 3
    unsafe picture.img.plane.0 = frame.y.base
    unsafe picture.img.plane.1 = frame.u.base
    unsafe picture.img.plane.2 = frame.v.base
    unsafe picture.img.i_stride.0 = Int32(frame.y.stride)
    unsafe picture.img.i_stride.1 = Int32(frame.u.stride)
    unsafe picture.img.i_stride.2 = Int32(frame.v.stride)
    return unsafe picture
  }
}
