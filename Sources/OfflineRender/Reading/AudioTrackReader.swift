import CAVCodec
import CAVFormat
import MixCore

/// The sound of a file as 48 kHz stereo, addressed by time.
///
/// Timestamps decide where the sound begins and where a gap is; in between the samples are counted, because many
/// containers round every timestamp to milliseconds.
final class AudioTrackReader {
  let info: AudioTrackInfo
  private let decoder: TrackDecoder
  private var converter = SoundConverter()
  /// Interleaved values from `start` on.
  private var values: [Float] = []
  /// Sample, counted from the container's zero, that `values` begins with.
  private var start: Int64 = 0
  private var hasStarted = false
  private var hasEnded = false

  /// Samples by which a timestamp must disagree with the count to be taken for a gap or a step back: 50 ms.
  private static let jump: Int64 = 2400
  /// A gap beyond this many samples (ten minutes) is a broken timestamp.
  private static let largestGap: Int64 = 28_800_000
  private static let rate = Int64(AudioFormat.sampleRate)

  /// `nil` when the file has no sound.
  init?(path: String) throws(ReadError) {
    guard let demuxer = try Demuxer(path: path, type: AVMEDIA_TYPE_AUDIO),
      let parameters = unsafe demuxer.stream.pointee.codecpar
    else { return nil }
    decoder = try TrackDecoder(demuxer)
    info = unsafe AudioTrackInfo(
      codecName: String(cString: avcodec_get_name(parameters.pointee.codec_id)),
      sampleRate: Int(parameters.pointee.sample_rate), channels: Int(parameters.pointee.ch_layout.nb_channels))
  }

  /// Length of the whole file by its header.
  var fileDuration: MediaTime? { decoder.demuxer.duration }

  /// Time in the container of the first sample; `nil` when there is none.
  func firstTime() throws(ReadError) -> MediaTime? {
    while !hasStarted, !hasEnded { try decodeNext() }
    return hasStarted ? MediaTime(count: start, rate: Self.rate) : nil
  }

  /// Fills `block` with the ten milliseconds from `time` on, silence where the file has none; `false` after the end.
  func sound(at time: MediaTime, into block: inout AudioBlock) throws(ReadError) -> Bool {
    let first = time.count(rate: Self.rate)
    let count = Int64(AudioFormat.tickFrames)
    try fill(to: first + count)
    forget(before: first)
    block.silence()
    let channels = AudioFormat.channels
    let offset = Int(min(max(start - first, 0), count)) * channels
    let length = min(values.count, AudioFormat.tickValues - offset)
    for index in 0..<max(length, 0) { block.values[offset + index] = values[index] }
    return !hasEnded || !values.isEmpty
  }

  /// Whether the last sample lies before `time`.
  func hasEnded(at time: MediaTime) throws(ReadError) -> Bool {
    let sample = time.count(rate: Self.rate)
    try fill(to: sample + 1)
    return hasEnded && end <= sample
  }

  /// When the last sample so far ends.
  var endTime: MediaTime { MediaTime(count: end, rate: Self.rate) }

  private var end: Int64 { start + Int64(values.count / AudioFormat.channels) }

  private func fill(to sample: Int64) throws(ReadError) {
    while end < sample, !hasEnded {
      try decodeNext()
      // A long stretch that nobody will ask for any more is not piled up.
      if end < sample { forget(before: min(end, sample - Int64(AudioFormat.sampleRate))) }
    }
  }

  private func forget(before sample: Int64) {
    let count = min(max(sample - start, 0), end - start)
    guard count > 0 else { return }
    values.removeFirst(Int(count) * AudioFormat.channels)
    start += count
  }

  private func decodeNext() throws(ReadError) {
    guard try decoder.next() else {
      hasEnded = true
      guard unsafe converter.convert(nil, onto: &values) else { throw failure }
      return
    }
    if let time = decoder.time { place(time.count(rate: Self.rate)) }
    hasStarted = true
    guard unsafe converter.convert(decoder.frame, onto: &values) else { throw failure }
  }

  /// Makes `values` end where the samples of a frame with this timestamp begin.
  private func place(_ sample: Int64) {
    guard hasStarted else {
      start = sample
      return
    }
    let gap = sample - (end + Int64(converter.delay))
    if gap > Self.jump, gap < Self.largestGap {
      values.append(contentsOf: repeatElement(0, count: Int(gap) * AudioFormat.channels))
    } else if gap < -Self.jump {
      values.removeLast(min(Int(-gap) * AudioFormat.channels, values.count))
    }
  }

  private var failure: ReadError { decoder.demuxer.failure(.corrupt(at: endTime)) }
}
