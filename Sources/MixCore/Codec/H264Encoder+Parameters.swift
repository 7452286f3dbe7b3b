import CX264

extension H264Encoder {
  /// `superfast` without what costs more than it brings: two thirds of its time, at the same quality for the same rate.
  public static let live = "live"

  /// Ours and x264's; a name it does not know would be complained about on the standard error.
  public static let presets = [
    live, "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
  ]

  @unsafe static func apply(_ settings: VideoEncoderSettings, to parameters: inout x264_param_t) {
    unsafe parameters.i_log_level = X264_LOG_NONE
    unsafe parameters.i_width = Int32(settings.width)
    unsafe parameters.i_height = Int32(settings.height)
    unsafe parameters.i_csp = X264_CSP_I420
    unsafe parameters.i_fps_num = UInt32(settings.frameRate)
    unsafe parameters.i_fps_den = 1
    unsafe parameters.i_timebase_num = 1
    unsafe parameters.i_timebase_den = UInt32(settings.frameRate)

    // Frame threads would delay the output, so further threads share one picture by slices.
    unsafe parameters.i_threads = Int32(settings.threads)
    unsafe parameters.b_sliced_threads = settings.threads > 1 ? 1 : 0
    unsafe parameters.b_deterministic = 1

    unsafe parameters.i_keyint_max = Int32(settings.keyFrameInterval)
    unsafe parameters.i_scenecut_threshold = 0
    unsafe parameters.b_annexb = 0
    unsafe parameters.b_repeat_headers = 0
    unsafe parameters.rc.i_rc_method = X264_RC_ABR
    unsafe apply(bitrate: settings.bitrate, bufferMilliseconds: settings.bufferMilliseconds, to: &parameters)
    unsafe applyColour(to: &parameters)
  }

  /// Pictures get their quantisers and types from here (`RateControl`), so that the library need not look at them first.
  ///
  /// Without adaptive quantisation, which that excludes, VMAF and PSNR are as much higher as they are lower without
  /// arithmetic coding and small blocks.
  @unsafe static func applyLive(to parameters: inout x264_param_t) {
    unsafe parameters.rc.i_rc_method = X264_RC_CQP
    // The library allows what lies between its quantisers of I-, P- and B-pictures: 20 to either side, 16 … 56.
    unsafe parameters.rc.i_qp_constant = 36
    unsafe parameters.rc.f_ip_factor = 10
    unsafe parameters.rc.f_pb_factor = 10
    unsafe parameters.rc.i_vbv_max_bitrate = 0
    unsafe parameters.rc.i_vbv_buffer_size = 0
    unsafe parameters.i_keyint_max = 1 << 30
    unsafe parameters.b_cabac = 0
    unsafe parameters.analyse.i_weighted_pred = Int32(X264_WEIGHTP_NONE)
    unsafe parameters.analyse.inter = 0
    // To look whether so little is left of a block that nothing need be sent costs more than it saves.
    unsafe parameters.analyse.b_dct_decimate = 0
  }

  @unsafe static func apply(bitrate: Int, bufferMilliseconds: Int, to parameters: inout x264_param_t) {
    let range = VideoEncoderSettings.bitrates
    let kilobits = min(max(bitrate, range.lowerBound), range.upperBound) / 1000
    unsafe parameters.rc.i_bitrate = Int32(kilobits)
    unsafe parameters.rc.i_vbv_max_bitrate = Int32(kilobits)
    unsafe parameters.rc.i_vbv_buffer_size = Int32(kilobits * bufferMilliseconds / 1000)
  }

  /// The colours of cameras behind WebRTC, which are those of VP8 and of nearly every H.264 sender there: BT.709
  /// primaries and transfer but the matrix of BT.601 (ITU-T H.264 tables E-3 and E-4: value 1, E-5: value 6), limited
  /// range, square pixels.
  @unsafe private static func applyColour(to parameters: inout x264_param_t) {
    unsafe parameters.vui.b_fullrange = 0
    unsafe parameters.vui.i_colorprim = 1
    unsafe parameters.vui.i_transfer = 1
    unsafe parameters.vui.i_colmatrix = 6
    unsafe parameters.vui.i_sar_width = 1
    unsafe parameters.vui.i_sar_height = 1
  }

  /// The parameter sets as an AVCDecoderConfigurationRecord.
  @unsafe static func decoderConfiguration(of encoder: OpaquePointer) -> [UInt8]? {
    var units: UnsafeMutablePointer<x264_nal_t>?
    var count: Int32 = 0
    guard unsafe x264_encoder_headers(encoder, &units, &count) > 0, let units = unsafe units else { return nil }
    var sequence: [UInt8] = []
    var picture: [UInt8] = []
    for index in 0..<Int(count) {
      let payload = unsafe UnsafeBufferPointer(start: units[index].p_payload, count: Int(units[index].i_payload))
      let type = unsafe UInt32(units[index].i_type)
      if type == NAL_SPS.rawValue { sequence = unsafe [UInt8](payload.dropFirst(H264AccessUnit.lengthSize)) }
      if type == NAL_PPS.rawValue { picture = unsafe [UInt8](payload.dropFirst(H264AccessUnit.lengthSize)) }
    }
    return H264AccessUnit.decoderConfiguration(sequence: sequence, picture: picture)
  }
}
