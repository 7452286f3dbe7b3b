import CAVCodec
import CAVFormat
import MixCore

/// One stream of a muxer: its time base and the time of its last packet.
struct MuxedTrack {
  struct Timing {
    var stream: Int32
    var time: Int64
    var duration: Int64
  }

  private var stream: Int32 = 0
  private var numerator: Int64 = 1
  private var denominator: Int64 = 1000
  private var last = Int64.min

  init() {}

  /// A stream after the header was written, which may have changed its time base.
  @unsafe init(stream index: Int, of context: UnsafeMutablePointer<AVFormatContext>) {
    stream = Int32(index)
    guard let base = unsafe context.pointee.streams[index]?.pointee.time_base, base.num > 0, base.den > 0 else {
      return
    }
    numerator = Int64(base.num)
    denominator = Int64(base.den)
  }

  /// `start` in units of the stream; later than that of the packet before, even where rounding would make them equal.
  mutating func timing(of start: MediaTime, duration: MediaTime) -> Timing {
    let time = max(units(start), last == .min ? .min : last + 1)
    last = time
    return Timing(stream: stream, time: time, duration: max(units(start + duration) - units(start), 0))
  }

  private func units(_ time: MediaTime) -> Int64 { time.count(rate: denominator) / numerator }

  /// Adds the video stream as the first and the audio stream as the second; `false` when memory is short.
  @unsafe static func addStreams(_ format: ProgramFormat, to context: UnsafeMutablePointer<AVFormatContext>) -> Bool {
    guard let video = unsafe avformat_new_stream(context, nil), let audio = unsafe avformat_new_stream(context, nil),
      let videoParameters = unsafe video.pointee.codecpar, let audioParameters = unsafe audio.pointee.codecpar
    else { return false }
    unsafe video.pointee.time_base = AVRational(num: 1, den: 90_000)
    unsafe video.pointee.avg_frame_rate = AVRational(num: Int32(format.video.frameRate), den: 1)
    unsafe audio.pointee.time_base = AVRational(num: 1, den: Int32(AudioFormat.sampleRate))
    return unsafe describe(format.video, in: videoParameters) && describe(format.audio, in: audioParameters)
  }

  @unsafe private static func describe(
    _ format: VideoTrackFormat, in parameters: UnsafeMutablePointer<AVCodecParameters>
  ) -> Bool {
    unsafe parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    unsafe parameters.pointee.codec_id = format.codec == .h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_VP8
    unsafe parameters.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    unsafe parameters.pointee.width = Int32(format.width)
    unsafe parameters.pointee.height = Int32(format.height)
    unsafe parameters.pointee.color_range = AVCOL_RANGE_MPEG
    unsafe parameters.pointee.color_primaries = AVCOL_PRI_BT709
    unsafe parameters.pointee.color_trc = AVCOL_TRC_BT709
    unsafe parameters.pointee.color_space = AVCOL_SPC_SMPTE170M
    return unsafe setExtradata(format.extradata, of: parameters)
  }

  @unsafe private static func describe(
    _ format: AudioTrackFormat, in parameters: UnsafeMutablePointer<AVCodecParameters>
  ) -> Bool {
    unsafe parameters.pointee.codec_type = AVMEDIA_TYPE_AUDIO
    unsafe parameters.pointee.codec_id = format.codec == .aac ? AV_CODEC_ID_AAC : AV_CODEC_ID_OPUS
    unsafe parameters.pointee.sample_rate = Int32(AudioFormat.sampleRate)
    unsafe av_channel_layout_default(&parameters.pointee.ch_layout, Int32(format.channels))
    unsafe parameters.pointee.frame_size = format.codec == .aac ? 1024 : 960
    unsafe parameters.pointee.initial_padding = Int32(format.primingSamples)
    return unsafe setExtradata(format.extradata, of: parameters)
  }

  /// The parameters own the copy.
  @unsafe private static func setExtradata(
    _ bytes: [UInt8], of parameters: UnsafeMutablePointer<AVCodecParameters>
  ) -> Bool {
    guard !bytes.isEmpty else { return true }
    guard let memory = unsafe av_mallocz(bytes.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else { return false }
    unsafe memory.copyMemory(from: bytes, byteCount: bytes.count)
    unsafe parameters.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
    unsafe parameters.pointee.extradata_size = Int32(bytes.count)
    return true
  }
}
