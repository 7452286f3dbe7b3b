import CAVFormat
public import MixCore

/// Writes one programme to one destination through libavformat. All calls block; the interrupt flag bounds them.
///
/// Not for sharing between threads. Timestamps start at zero, and those of a track never repeat or go back.
@safe public final class Muxer {
  /// The programme time that is zero in the container: given, or that of the first picture or audible sample.
  public private(set) var origin: MediaTime?
  private let destination: OutputDestination
  private let interrupt: InterruptFlag
  private let interleave: Bool
  private let format: ProgramFormat
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private var video = MuxedTrack()
  private var audio = MuxedTrack()
  private var isOpen = false
  /// Where the container begins: without reordering, no later packet may lie before the first one.
  private var earliest: MediaTime?

  /// Opens the destination and writes the header.
  /// - Parameters:
  ///   - interleave: order packets of both tracks by time, for files; otherwise each packet leaves at once.
  ///   - origin: the programme time that becomes zero; an output that reconnects gives the first one's again.
  public init(
    _ destination: OutputDestination, format: ProgramFormat, interrupt: InterruptFlag, interleave: Bool,
    origin: MediaTime? = nil
  ) throws(OutputError) {
    guard Libav.isSilent, format.video.codec == destination.container.videoCodec,
      format.audio.codec == destination.container.audioCodec
    else { throw .formatUnsupported }
    var context: UnsafeMutablePointer<AVFormatContext>?
    unsafe avformat_alloc_output_context2(&context, nil, destination.container.muxerName, destination.location)
    guard let allocated = unsafe context, let packet = unsafe av_packet_alloc() else { throw .io("out of memory") }
    unsafe self.context = allocated
    unsafe self.packet = packet
    self.destination = destination
    self.format = format
    self.interrupt = interrupt
    self.interleave = interleave
    self.origin = origin
    try open()
  }

  deinit {
    if isOpen { _ = unsafe avio_closep(&context.pointee.pb) }
    unsafe avformat_free_context(context)
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe av_packet_free(&packet)
  }

  /// The length of what has been written; going back to fill in the header does not change it.
  public private(set) var bytesWritten = 0

  private func measure() {
    guard let output = unsafe context.pointee.pb else { return }
    bytesWritten = max(bytesWritten, unsafe Int(avio_seek(output, 0, SEEK_CUR)))
  }

  /// Hands one packet to the container. Sound from before its beginning is left out, unless it can be marked as such.
  public func write(_ encoded: EncodedPacket) throws(OutputError) {
    guard isOpen else { throw .stopped }
    let start = position(of: encoded)
    let earliest = earliest ?? (interleave ? .zero : start)
    self.earliest = earliest
    guard start >= earliest || destination.container.primingRule == .beforeZero else { return }
    let timing =
      encoded.isVideo
      ? video.timing(of: start, duration: encoded.duration) : audio.timing(of: start, duration: encoded.duration)
    let status = unsafe encoded.data.withUnsafeBufferPointer { bytes in
      // The library reads from it only; whatever it keeps beyond this call, it copies.
      unsafe packet.pointee.data = UnsafeMutablePointer(mutating: bytes.baseAddress)
      unsafe packet.pointee.size = Int32(bytes.count)
      unsafe packet.pointee.stream_index = timing.stream
      unsafe packet.pointee.pts = timing.time
      unsafe packet.pointee.dts = timing.time
      unsafe packet.pointee.duration = timing.duration
      unsafe packet.pointee.flags = encoded.isKeyFrame ? AV_PKT_FLAG_KEY : 0
      return unsafe interleave ? av_interleaved_write_frame(context, packet) : av_write_frame(context, packet)
    }
    unsafe av_packet_unref(packet)
    measure()
    try check(status, while: .writing)
    // A full disk shows in the buffer below the container, sometimes only some packets later.
    if let output = unsafe context.pointee.pb { try check(unsafe output.pointee.error, while: .writing) }
  }

  /// Writes what is still held back and the end of the container, and closes the destination.
  public func finish() throws(OutputError) {
    guard isOpen else { return }
    var status = unsafe av_write_trailer(context)
    if let output = unsafe context.pointee.pb {
      unsafe avio_flush(output)
      if status >= 0 { status = unsafe output.pointee.error }
    }
    measure()
    isOpen = false
    let closing = unsafe avio_closep(&context.pointee.pb)
    try check(status < 0 ? status : closing, while: .writing)
  }

  /// Time in the container.
  private func position(of encoded: EncodedPacket) -> MediaTime {
    let rule = destination.container.primingRule
    let priming = MediaTime(count: Int64(format.audio.primingSamples), rate: Int64(AudioFormat.sampleRate))
    // AAC packets lie one priming before what went into them, Opus packets do not.
    let isAhead = encoded.track == .audio(.aac)
    let zero = origin ?? (isAhead ? encoded.time + priming : encoded.time)
    origin = zero
    return encoded.time - zero + (rule == .played ? priming : .zero)
  }

  private func open() throws(OutputError) {
    let opaque = unsafe Unmanaged.passUnretained(interrupt).toOpaque()
    let callback = unsafe AVIOInterruptCB(
      callback: { opaque in
        guard let opaque = unsafe opaque else { return 0 }
        return unsafe Unmanaged<InterruptFlag>.fromOpaque(opaque).takeUnretainedValue().interrupts ? 1 : 0
      }, opaque: opaque)
    unsafe context.pointee.interrupt_callback = unsafe callback
    // Nothing of the library's version and no date goes into the file, so that equal media gives equal bytes.
    unsafe context.pointee.flags |= AVFMT_FLAG_BITEXACT
    // A piece that is complete is on the disk at once; the library would keep up to a quarter of a megabyte.
    unsafe context.pointee.flush_packets = interleave && !destination.isFragmented ? -1 : 1
    guard unsafe MuxedTrack.addStreams(format, to: context) else { throw .io("out of memory") }
    var options = unsafe MuxerOptions(destination)
    defer { unsafe options.free() }
    let status = unsafe avio_open2(
      &context.pointee.pb, destination.location, AVIO_FLAG_WRITE, &context.pointee.interrupt_callback,
      &options.dictionary)
    try check(status, while: .opening)
    isOpen = true
    try check(unsafe avformat_write_header(context, &options.dictionary), while: .opening)
    video = unsafe MuxedTrack(stream: 0, of: context)
    audio = unsafe MuxedTrack(stream: 1, of: context)
  }

  private func check(_ status: Int32, while phase: OutputError.Phase) throws(OutputError) {
    guard status < 0 else { return }
    if status == cavformat_error_exit() { throw interrupt.isRaised ? .stopped : .timedOut }
    throw OutputError(libraryCode: status, isPush: destination.isPush, while: phase)
  }
}
