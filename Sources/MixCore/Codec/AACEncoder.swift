import CAVCodec

/// AAC-LC, 48 kHz stereo, by libavcodec: 480-sample blocks in, 1024-sample access units out.
///
/// The times of the packets follow from the number of samples since the first block, so they are continuous whatever
/// the times of the later blocks say; the first packet lies `format.primingSamples` before the first block.
@safe public struct AACEncoder: ~Copyable {
  public let format: AudioTrackFormat
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let packet: UnsafeMutablePointer<AVPacket>
  /// Interleaved values that do not fill an access unit yet.
  private var pending: [Float] = []
  private var start: MediaTime?
  private var packetsMade: Int64 = 0

  /// Samples per channel in one access unit (ISO/IEC 14496-3).
  static let unitFrames = 1024
  private static let unitValues = unitFrames * AudioFormat.channels

  public init(bitrate: Int = 128_000) throws(CodecError) {
    guard (16_000...512_000).contains(bitrate) else { throw .settingsRefused }
    guard Libav.isSilent, let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_AAC) else { throw .codecMissing }
    var context = unsafe avcodec_alloc_context3(codec)
    var frame = unsafe av_frame_alloc()
    var packet = unsafe av_packet_alloc()
    guard let opened = unsafe context, let emptyFrame = unsafe frame, let emptyPacket = unsafe packet,
      unsafe Self.open(opened, codec: codec, bitrate: bitrate), unsafe Self.prepare(emptyFrame)
    else {
      unsafe avcodec_free_context(&context)
      unsafe av_frame_free(&frame)
      unsafe av_packet_free(&packet)
      throw .settingsRefused
    }
    unsafe self.context = opened
    unsafe self.frame = emptyFrame
    unsafe self.packet = emptyPacket
    let extradata = unsafe UnsafeBufferPointer(
      start: opened.pointee.extradata, count: Int(opened.pointee.extradata_size))
    format = AudioTrackFormat(
      codec: .aac, channels: AudioFormat.channels, extradata: unsafe [UInt8](extradata),
      primingSamples: Int(unsafe opened.pointee.initial_padding))
    pending.reserveCapacity(Self.unitValues + AudioFormat.tickValues)
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe self.frame
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    unsafe avcodec_free_context(&context)
    unsafe av_frame_free(&frame)
    unsafe av_packet_free(&packet)
  }

  /// Takes the block that follows the last one; gives an access unit whenever one is full.
  public mutating func encode(_ block: AudioBlock, time: MediaTime) throws(CodecError) -> EncodedPacket? {
    guard block.values.count == AudioFormat.tickValues else { throw .inputMismatch }
    if start == nil { start = time }
    pending += block.values
    guard pending.count >= Self.unitValues else { return nil }
    try sendUnit()
    return receive()
  }

  /// Ends the stream with what is left, padded with silence; the encoder takes nothing afterwards.
  public mutating func flush() -> [EncodedPacket] {
    var packets: [EncodedPacket] = []
    if !pending.isEmpty {
      pending += [Float](repeating: 0, count: Self.unitValues - pending.count)
      // Input of a valid form is refused only after a flush; what was encoded before is still worth having.
      try? sendUnit()
    }
    _ = unsafe avcodec_send_frame(context, nil)
    while let packet = receive() { packets.append(packet) }
    return packets
  }

  private mutating func sendUnit() throws(CodecError) {
    guard unsafe av_frame_make_writable(frame) == 0, let planes = unsafe frame.pointee.extended_data,
      let left = unsafe UnsafeMutableRawPointer(planes[0])?.assumingMemoryBound(to: Float.self),
      let right = unsafe UnsafeMutableRawPointer(planes[1])?.assumingMemoryBound(to: Float.self)
    else { throw .outOfMemory }
    for index in 0..<Self.unitFrames {
      unsafe left[index] = pending[2 * index]
      unsafe right[index] = pending[2 * index + 1]
    }
    pending.removeFirst(Self.unitValues)
    guard unsafe avcodec_send_frame(context, frame) == 0 else { throw .encodingFailed }
  }

  private mutating func receive() -> EncodedPacket? {
    guard unsafe avcodec_receive_packet(context, packet) == 0, let start else { return nil }
    defer { unsafe av_packet_unref(packet) }
    let first = packetsMade * Int64(Self.unitFrames) - Int64(format.primingSamples)
    packetsMade += 1
    let rate = Int64(AudioFormat.sampleRate)
    let time = MediaTime(count: first, rate: rate)
    let data = unsafe UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
    return EncodedPacket(
      track: .audio(.aac), data: unsafe [UInt8](data), time: start + time,
      duration: MediaTime(count: first + Int64(Self.unitFrames), rate: rate) - time, isKeyFrame: true)
  }

  @unsafe private static func open(
    _ context: UnsafeMutablePointer<AVCodecContext>, codec: UnsafePointer<AVCodec>, bitrate: Int
  ) -> Bool {
    unsafe context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
    unsafe context.pointee.sample_rate = Int32(AudioFormat.sampleRate)
    unsafe av_channel_layout_default(&context.pointee.ch_layout, Int32(AudioFormat.channels))
    unsafe context.pointee.bit_rate = Int64(bitrate)
    // Parameters go into the extradata; nothing of the library's version into the stream.
    unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
    unsafe context.pointee.thread_count = 1
    // An eighth of the default search's time, and no worse at 64 kb/s and above.
    unsafe av_opt_set(context.pointee.priv_data, "aac_coder", "fast", 0)
    return unsafe avcodec_open2(context, codec, nil) == 0 && context.pointee.frame_size == Int32(unitFrames)
  }

  @unsafe private static func prepare(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    unsafe frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
    unsafe frame.pointee.nb_samples = Int32(unitFrames)
    unsafe frame.pointee.sample_rate = Int32(AudioFormat.sampleRate)
    unsafe av_channel_layout_default(&frame.pointee.ch_layout, Int32(AudioFormat.channels))
    return unsafe av_frame_get_buffer(frame, 0) == 0
  }
}
