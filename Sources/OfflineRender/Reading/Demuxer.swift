import CAVCodec
import CAVFormat
import MixCore

/// The packets of one track of a file. Every track has its own, so that neither has to hold packets back for the other.
@safe final class Demuxer {
  let path: String
  let stream: UnsafeMutablePointer<AVStream>
  let packet: UnsafeMutablePointer<AVPacket>
  /// Length of the file by its header; `nil` when that names none.
  let duration: MediaTime?
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let timeBase: AVRational

  /// The best track of `type`; `nil` when the file has none.
  init?(path: String, type: AVMediaType) throws(ReadError) {
    self.path = path
    let context = unsafe try Self.open(path)
    unsafe self.context = context
    let index = unsafe av_find_best_stream(context, type, -1, -1, nil, 0)
    guard index >= 0, let stream = unsafe context.pointee.streams[Int(index)], let packet = unsafe av_packet_alloc(),
      // The cover of a song is no video.
      unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    else {
      var closing: UnsafeMutablePointer<AVFormatContext>? = unsafe context
      unsafe avformat_close_input(&closing)
      return nil
    }
    unsafe self.stream = stream
    unsafe self.packet = packet
    let base = unsafe stream.pointee.time_base
    timeBase = base.num > 0 && base.den > 0 ? base : AVRational(num: 1, den: 1000)
    let length = unsafe context.pointee.duration
    duration = length > 0 ? .microseconds(length) : nil
    for other in 0..<Int(unsafe context.pointee.nb_streams) where other != Int(index) {
      unsafe context.pointee.streams[other]?.pointee.discard = AVDISCARD_ALL
    }
  }

  deinit {
    var context: UnsafeMutablePointer<AVFormatContext>? = unsafe self.context
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
    unsafe avformat_close_input(&context)
  }

  /// Reads the next packet of the track into `packet`; `false` at the end of the file.
  func next() throws(ReadError) -> Bool {
    while true {
      unsafe av_packet_unref(packet)
      let status = unsafe av_read_frame(context, packet)
      if status == cavformat_error_eof() {
        // Some demuxers say "end of file" for a failed read as well.
        if let input = unsafe context.pointee.pb, unsafe input.pointee.error < 0,
          unsafe input.pointee.error != cavformat_error_eof()
        {
          throw unsafe failure(.notReadable(LibavText.text(of: input.pointee.error)))
        }
        return false
      }
      guard status >= 0 else { throw failure(.corrupt(at: lastTime)) }
      guard unsafe packet.pointee.stream_index == stream.pointee.index else { continue }
      lastTime = unsafe time(packet.pointee.pts) ?? lastTime
      guard unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else { throw failure(.corrupt(at: lastTime)) }
      return true
    }
  }

  /// Time of the newest packet, for error messages.
  private(set) var lastTime = MediaTime.zero

  /// A timestamp of the track; `nil` for "unknown".
  func time(_ timestamp: Int64) -> MediaTime? {
    guard timestamp != cavformat_no_time() else { return nil }
    return MediaTime(count: timestamp &* Int64(timeBase.num), rate: Int64(timeBase.den))
  }

  /// How far a timestamp may be off by the coarseness of the track's time base, at most a millisecond.
  var timestampTolerance: MediaTime {
    min(MediaTime(count: Int64(timeBase.num), rate: Int64(timeBase.den)), .milliseconds(1))
  }

  func failure(_ reason: ReadError.Reason) -> ReadError { ReadError(file: path, reason: reason) }

  @unsafe private static func open(_ path: String) throws(ReadError) -> UnsafeMutablePointer<AVFormatContext> {
    var context: UnsafeMutablePointer<AVFormatContext>?
    // The prefix keeps libavformat from taking a name with a colon for a protocol.
    let status = Libav.isSilent ? unsafe avformat_open_input(&context, "file:" + path, nil, nil) : 0
    guard status == 0, let opened = unsafe context else {
      throw ReadError(file: path, reason: LibavText.reason(of: status))
    }
    guard unsafe avformat_find_stream_info(opened, nil) >= 0 else {
      unsafe avformat_close_input(&context)
      throw ReadError(file: path, reason: .formatUnknown)
    }
    return unsafe opened
  }
}
