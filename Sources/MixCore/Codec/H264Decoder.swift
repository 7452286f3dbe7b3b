import CAVCodec

/// H.264 by libavcodec, for streams without reordering. After an error only a key frame helps, or `recover`.
@safe public struct H264Decoder: ~Copyable {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let picture: UnsafeMutablePointer<AVFrame>
  /// The library was given no configuration record: it wants start codes and finds the parameter sets in the stream.
  private let wantsStartCodes: Bool
  private var needsKeyFrame = true

  /// - Parameter extradata: an AVCDecoderConfigurationRecord, or empty when the stream carries its parameter sets.
  public init(extradata: [UInt8]) throws(CodecError) {
    guard Libav.isSilent, let codec = unsafe avcodec_find_decoder(AV_CODEC_ID_H264) else { throw .codecMissing }
    var context = unsafe avcodec_alloc_context3(codec)
    var packet = unsafe av_packet_alloc()
    var picture = unsafe av_frame_alloc()
    guard let opened = unsafe context, let emptyPacket = unsafe packet, let emptyPicture = unsafe picture,
      unsafe Self.configure(opened, extradata: extradata), unsafe avcodec_open2(opened, codec, nil) == 0
    else {
      unsafe avcodec_free_context(&context)
      unsafe av_packet_free(&packet)
      unsafe av_frame_free(&picture)
      throw .settingsRefused
    }
    unsafe self.context = opened
    unsafe self.packet = emptyPacket
    unsafe self.picture = emptyPicture
    wantsStartCodes = extradata.isEmpty
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe self.packet
    var picture: UnsafeMutablePointer<AVFrame>? = unsafe self.picture
    unsafe avcodec_free_context(&context)
    unsafe av_packet_free(&packet)
    unsafe av_frame_free(&picture)
  }

  /// Decodes one access unit of length-prefixed NAL units; `nil` when it holds no picture.
  public mutating func decode(_ data: [UInt8], into pool: FramePool) throws(CodecError) -> VideoFrame? {
    guard let isKeyFrame = H264AccessUnit.isKeyFrame(data) else {
      needsKeyFrame = true
      throw .dataCorrupt
    }
    guard isKeyFrame || !needsKeyFrame else { throw .keyFrameNeeded }
    if needsKeyFrame { unsafe avcodec_flush_buffers(context) }
    needsKeyFrame = true
    try send(data)
    let frame = try receive(into: pool)
    needsKeyFrame = false
    return frame
  }

  /// Forgets everything before the next access unit, which holds a recovery point. The library gives no picture out before
  /// one is right.
  public mutating func recover() {
    unsafe avcodec_flush_buffers(context)
    needsKeyFrame = false
  }

  private func send(_ data: [UInt8]) throws(CodecError) {
    guard unsafe av_new_packet(packet, Int32(data.count)) == 0, let bytes = unsafe packet.pointee.data else {
      throw .outOfMemory
    }
    defer { unsafe av_packet_unref(packet) }
    unsafe data.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe bytes.update(from: base, count: source.count) }
    }
    if wantsStartCodes {
      _ = H264AccessUnit.forEachUnit(in: data) { unit in
        let prefix = unsafe bytes + (unit.lowerBound - H264AccessUnit.lengthSize)
        for index in 0..<H264AccessUnit.lengthSize { unsafe prefix[index] = index == 3 ? 1 : 0 }
      }
    }
    guard unsafe avcodec_send_packet(context, packet) == 0 else { throw .dataCorrupt }
  }

  private func receive(into pool: FramePool) throws(CodecError) -> VideoFrame? {
    var newest: VideoFrame?
    while true {
      let status = unsafe avcodec_receive_frame(context, picture)
      if status == cavcodec_error_again() { return newest }
      guard status == 0, unsafe picture.pointee.decode_error_flags == 0 else { throw .dataCorrupt }
      newest = try copy(into: pool)
      unsafe av_frame_unref(picture)
    }
  }

  private func copy(into pool: FramePool) throws(CodecError) -> VideoFrame {
    let size = unsafe PixelSize(width: Int(picture.pointee.width), height: Int(picture.pointee.height))
    let format = unsafe picture.pointee.format
    guard format == AV_PIX_FMT_YUV420P.rawValue || format == AV_PIX_FMT_YUVJ420P.rawValue,
      let frame = pool.acquire(size)
    else { throw .pictureUnsupported }
    unsafe frame.y.copy(from: picture.pointee.data.0, stride: Int(picture.pointee.linesize.0))
    unsafe frame.u.copy(from: picture.pointee.data.1, stride: Int(picture.pointee.linesize.1))
    unsafe frame.v.copy(from: picture.pointee.data.2, stride: Int(picture.pointee.linesize.2))
    return frame
  }

  @unsafe private static func configure(
    _ context: UnsafeMutablePointer<AVCodecContext>, extradata: [UInt8]
  ) -> Bool {
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY
    unsafe context.pointee.max_pixels = Int64(PixelLimits.longSide * PixelLimits.shortSide)
    guard !extradata.isEmpty else { return true }
    guard extradata.count <= 65_536,
      let memory = unsafe av_mallocz(extradata.count + Int(AV_INPUT_BUFFER_PADDING_SIZE))
    else { return false }
    unsafe memory.copyMemory(from: extradata, byteCount: extradata.count)
    // The context frees it.
    unsafe context.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
    unsafe context.pointee.extradata_size = Int32(extradata.count)
    return true
  }
}
