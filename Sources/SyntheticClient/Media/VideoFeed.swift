import MixCore

/// The encoded pictures of one participant, drawn and encoded one by one, or taken from a short loop made beforehand.
struct VideoFeed: ~Copyable {
  let frameRate: Int
  private let picture: TestPicture
  // While a loop is replayed there is no encoder.
  private var encoder: VP8Encoder?
  private var loop: [EncodedPacket] = []
  private var position = 0
  private var recorded: RecordedVideoFeed?

  init(_ configuration: SyntheticPublisher.Configuration) throws(CodecError) {
    recorded = RecordedVideoFeed(configuration.recordings)
    frameRate = recorded?.frameRate ?? configuration.frameRate
    picture = TestPicture(
      size: PixelSize(width: configuration.width, height: configuration.height), label: configuration.label,
      hue: configuration.hue, frameRate: configuration.frameRate, hasTexture: configuration.hasTexture,
      flashes: configuration.flashes)
    guard recorded == nil else { return }
    encoder = try VP8Encoder(
      VideoEncoderSettings(
        width: configuration.width, height: configuration.height, frameRate: configuration.frameRate,
        bitrate: configuration.bitrate, keyFrameIntervalSeconds: 60))
    if let seconds = configuration.replaySeconds { try record(seconds: seconds) }
  }

  /// The next picture, with its capture time. A key frame restarts the loop when one is replayed.
  mutating func next(
    number: Int, time: MediaTime, forceKeyFrame: Bool, height: Int? = nil
  ) throws(CodecError) -> EncodedPacket? {
    if let packet = recorded?.next(at: time, forceKeyFrame: forceKeyFrame, height: height) { return packet }
    if encoder == nil { return replay(at: time, fromStart: forceKeyFrame) }
    return try encode(number: number, time: time, forceKeyFrame: forceKeyFrame)
  }

  private mutating func encode(
    number: Int, time: MediaTime, forceKeyFrame: Bool
  ) throws(CodecError) -> EncodedPacket? {
    guard let frame = picture.draw(number: number) else { throw .settingsRefused }
    return try encoder?.encode(frame, time: time, forceKeyFrame: forceKeyFrame, ledgerID: 0)
  }

  private mutating func record(seconds: Int) throws(CodecError) {
    for number in 0..<(max(1, seconds) * frameRate) {
      let time = MediaTime(count: Int64(number), rate: Int64(frameRate))
      if let packet = try encode(number: number, time: time, forceKeyFrame: number == 0) { loop.append(packet) }
    }
    encoder = nil
  }

  private mutating func replay(at time: MediaTime, fromStart: Bool) -> EncodedPacket? {
    guard !loop.isEmpty else { return nil }
    if fromStart { position = 0 }
    var packet = loop[position]
    packet.time = time
    position = (position + 1) % loop.count
    return packet
  }
}
