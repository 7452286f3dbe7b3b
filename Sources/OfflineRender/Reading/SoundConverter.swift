import CAVCodec
import CAVFormat
import MixCore

/// Brings decoded sound of any kind into interleaved 48 kHz stereo.
@safe struct SoundConverter: ~Copyable {
  private var resampler: OpaquePointer?
  private var format: Int32 = -1
  private var sampleRate: Int32 = 0
  private var channels: Int32 = 0

  init() {}

  deinit {
    var resampler = unsafe self.resampler
    unsafe swr_free(&resampler)
  }

  /// Samples (at 48 kHz, per channel) that went in and have not come out.
  var delay: Int { unsafe resampler == nil ? 0 : Int(swr_get_delay(resampler, Int64(AudioFormat.sampleRate))) }

  /// Appends what `source` becomes to `values`; without a source, what is still inside. `false` when there is no
  /// conversion.
  mutating func convert(_ source: UnsafePointer<AVFrame>?, onto values: inout [Float]) -> Bool {
    if let source = unsafe source, unsafe !fits(source) {
      guard unsafe convert(nil, onto: &values), unsafe open(for: source) else { return false }
    }
    guard let resampler = unsafe resampler else { return unsafe source == nil }
    let input = unsafe source?.pointee.nb_samples ?? 0
    let capacity = unsafe swr_get_out_samples(resampler, input)
    guard capacity > 0 else { return capacity == 0 }
    let old = values.count
    values.append(contentsOf: repeatElement(0, count: Int(capacity) * AudioFormat.channels))
    let made = unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return Int32(0) }
      return unsafe cavformat_resample(resampler, base + old, capacity, source)
    }
    values.removeLast(values.count - old - Int(max(made, 0)) * AudioFormat.channels)
    return made >= 0
  }

  private func fits(_ source: UnsafePointer<AVFrame>) -> Bool {
    unsafe resampler != nil && format == source.pointee.format && sampleRate == source.pointee.sample_rate
      && channels == source.pointee.ch_layout.nb_channels
  }

  private mutating func open(for source: UnsafePointer<AVFrame>) -> Bool {
    unsafe swr_free(&resampler)
    format = unsafe source.pointee.format
    sampleRate = unsafe source.pointee.sample_rate
    channels = unsafe source.pointee.ch_layout.nb_channels
    var output = unsafe AVChannelLayout()
    unsafe av_channel_layout_default(&output, Int32(AudioFormat.channels))
    var layout = unsafe source.pointee.ch_layout
    var input = unsafe AVChannelLayout()
    guard unsafe av_channel_layout_copy(&input, &layout) >= 0
    else { return false }
    defer { unsafe av_channel_layout_uninit(&input) }
    // A number of channels without an order, as raw sound has it.
    if unsafe input.order == AV_CHANNEL_ORDER_UNSPEC { unsafe av_channel_layout_default(&input, channels) }
    let status = unsafe swr_alloc_set_opts2(
      &resampler, &output, AV_SAMPLE_FMT_FLT, Int32(AudioFormat.sampleRate), &input, AVSampleFormat(rawValue: format),
      sampleRate, 0, nil)
    guard status == 0 else { return false }
    // One channel goes to both sides at full level, as the live decoders do it, not lowered by 3 dB.
    if channels == 1 { unsafe swr_set_matrix(resampler, [1, 1], 1) }
    return unsafe swr_init(resampler) == 0
  }
}
