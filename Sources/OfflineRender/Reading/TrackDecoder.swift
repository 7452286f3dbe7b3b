import CAVCodec
import CAVFormat
import MixCore

/// Decodes the packets of one track by libavcodec, frame by frame.
@safe final class TrackDecoder {
  let demuxer: Demuxer
  let frame: UnsafeMutablePointer<AVFrame>
  private let context: UnsafeMutablePointer<AVCodecContext>
  private var hasDrained = false

  init(_ demuxer: Demuxer) throws(ReadError) {
    self.demuxer = demuxer
    let parameters = unsafe demuxer.stream.pointee.codecpar
    let id = unsafe parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE
    guard let codec = unsafe avcodec_find_decoder(id) else {
      throw demuxer.failure(.codecUnsupported(unsafe String(cString: avcodec_get_name(id))))
    }
    var context = unsafe avcodec_alloc_context3(codec)
    guard let opened = unsafe context, let frame = unsafe av_frame_alloc() else {
      unsafe avcodec_free_context(&context)
      throw demuxer.failure(.outOfMemory)
    }
    unsafe self.context = opened
    unsafe self.frame = frame
    unsafe opened.pointee.thread_count = 1
    // Lets the library cut the samples that a container marks as priming or padding.
    unsafe opened.pointee.pkt_timebase = unsafe demuxer.stream.pointee.time_base
    unsafe opened.pointee.max_pixels = Int64(PixelLimits.longSide * PixelLimits.shortSide)
    guard unsafe avcodec_parameters_to_context(opened, parameters) >= 0, unsafe avcodec_open2(opened, codec, nil) == 0
    else { throw demuxer.failure(.codecUnsupported(unsafe String(cString: avcodec_get_name(id)))) }
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    unsafe avcodec_free_context(&context)
    unsafe av_frame_free(&frame)
  }

  /// Decodes the next picture or stretch of sound into `frame`; `false` at the end of the track.
  func next() throws(ReadError) -> Bool {
    while true {
      let status = unsafe avcodec_receive_frame(context, frame)
      if status == 0 {
        guard unsafe frame.pointee.decode_error_flags == 0 else { throw corrupt }
        return true
      }
      if status == cavformat_error_eof() { return false }
      guard status == cavformat_error_again(), !hasDrained else { throw corrupt }
      if try demuxer.next() {
        guard unsafe avcodec_send_packet(context, demuxer.packet) == 0 else { throw corrupt }
      } else {
        hasDrained = true
        _ = unsafe avcodec_send_packet(context, nil)
      }
    }
  }

  /// Presentation time of `frame`.
  var time: MediaTime? { unsafe demuxer.time(frame.pointee.best_effort_timestamp) }

  private var corrupt: ReadError { demuxer.failure(.corrupt(at: demuxer.lastTime)) }
}
