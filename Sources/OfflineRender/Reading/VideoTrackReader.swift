import CAVCodec
import CAVFormat
import MixCore

/// The pictures of a file in order: VP8 by the decoder that the live server uses, everything else by libavcodec.
final class VideoTrackReader {
  let info: VideoTrackInfo
  private let demuxer: Demuxer
  private let pool = FramePool(capacity: 4)
  private var vp8: VP8Decoder?
  private let decoder: TrackDecoder?
  private var converter = PictureConverter()
  /// A VP8 packet has been read, or a picture decoded, and not been taken.
  private var hasNext = false
  private var nextTime = MediaTime.zero
  private var previousTime: MediaTime?
  /// For how long the last picture that was taken is shown.
  private(set) var step: MediaTime
  private var current: VideoFrame?

  private static let assumedFrameRate = 25.0

  /// `nil` when the file has no video.
  init?(path: String) throws(ReadError) {
    guard let demuxer = try Demuxer(path: path, type: AVMEDIA_TYPE_VIDEO),
      let parameters = unsafe demuxer.stream.pointee.codecpar
    else { return nil }
    let size = unsafe PixelSize(width: Int(parameters.pointee.width), height: Int(parameters.pointee.height))
    guard PixelLimits.allows(size) else { throw demuxer.failure(.pictureTooLarge(size)) }
    self.demuxer = demuxer
    info = unsafe Self.info(of: demuxer.stream, parameters: parameters, size: size)
    step = MediaTime(seconds: 1 / (info.frameRate ?? Self.assumedFrameRate))
    if unsafe parameters.pointee.codec_id == AV_CODEC_ID_VP8 {
      decoder = nil
      do { vp8 = try VP8Decoder() } catch { throw demuxer.failure(.codecUnsupported("vp8")) }
    } else {
      decoder = try TrackDecoder(demuxer)
    }
  }

  /// Length of the whole file by its header.
  var fileDuration: MediaTime? { demuxer.duration }

  /// Time in the container of the next picture that was not taken yet; `nil` at the end.
  func upcoming() throws(ReadError) -> MediaTime? {
    if hasNext { return nextTime }
    hasNext = if let decoder { try decoder.next() } else { try demuxer.next() }
    guard hasNext else { return nil }
    let time = unsafe decoder?.time ?? demuxer.time(demuxer.packet.pointee.pts)
    let previous = previousTime ?? .zero - step
    nextTime = time ?? previous + step
    return nextTime
  }

  /// The newest picture that begins at or before `time`; the last one after the end, none before the first.
  func picture(at time: MediaTime) throws(ReadError) -> VideoFrame? {
    while let next = try upcoming(), next <= time + demuxer.timestampTolerance { try take() }
    return current
  }

  /// When the last picture ends, once there is none left to take; early rather than late by the rounding of timestamps.
  func end() throws(ReadError) -> MediaTime? {
    guard try upcoming() == nil else { return nil }
    return previousTime.map { $0 + step - demuxer.timestampTolerance }
  }

  private func take() throws(ReadError) {
    if let picture = try decodeNext() { current = picture }
    if let previousTime, nextTime > previousTime { step = nextTime - previousTime }
    previousTime = nextTime
    hasNext = false
  }

  private func decodeNext() throws(ReadError) -> VideoFrame? {
    if let decoder {
      if let picture = unsafe converter.convert(decoder.frame, into: pool) { return picture }
      let size = unsafe PixelSize(width: Int(decoder.frame.pointee.width), height: Int(decoder.frame.pointee.height))
      throw demuxer.failure(.pictureTooLarge(size))
    }
    let data = unsafe UnsafeBufferPointer(start: demuxer.packet.pointee.data, count: Int(demuxer.packet.pointee.size))
    do throws(CodecError) {
      return try vp8?.decode(unsafe [UInt8](data), into: pool)
    } catch {
      throw demuxer.failure(.corrupt(at: nextTime))
    }
  }

  @unsafe private static func info(
    of stream: UnsafePointer<AVStream>, parameters: UnsafePointer<AVCodecParameters>, size: PixelSize
  ) -> VideoTrackInfo {
    let rate = unsafe stream.pointee.avg_frame_rate
    let extradata = unsafe UnsafeBufferPointer(
      start: parameters.pointee.extradata, count: Int(parameters.pointee.extradata_size))
    return VideoTrackInfo(
      codecName: unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id)), size: size,
      frameRate: rate.num > 0 && rate.den > 0 ? Double(rate.num) / Double(rate.den) : nil,
      extradata: unsafe [UInt8](extradata))
  }
}
