import MixCore
import Transport

/// What the client's camera sends.
struct CameraSettings {
  var codec = VideoCodec.vp8
  var size = PixelSize(width: 160, height: 90)
  /// The same picture in this size is sent beside as simulcast layer 0, and `size` is layer 1; `nil` is no simulcast.
  var smallLayer: PixelSize?
  var frameRate = 15
  var bitrate = 350_000
  /// Seconds between key frames that nobody asks for.
  var keyFrameInterval = 60
  /// Changes an encoded frame before it is packetised.
  var edit: ((inout EncodedPacket, inout RandomNumbers) -> Void)?
}

/// The client's camera and its encoder: draws, encodes, packetises.
struct ClientCamera: ~Copyable {
  let settings: CameraSettings
  private let picture = CameraPicture()
  private var size: PixelSize
  private var encoder: VideoEncoder
  private var vp8: VP8Packetizer
  private var h264: H264Packetizer?
  private var random: RandomNumbers
  private var wantsKeyFrame = true
  private var bitrate: Int
  private(set) var nextNumber = 0
  private(set) var keyFramesSent = 0
  /// Bits per second, as the encoder was told.
  private(set) var targets: [(time: MediaTime, bitrate: Int)] = []

  init(_ settings: CameraSettings, start: MediaTime, seed: UInt64) throws(CodecError) {
    self.settings = settings
    size = settings.size
    bitrate = settings.bitrate
    encoder = try Self.makeEncoder(settings, size: settings.size, bitrate: settings.bitrate)
    vp8 = VP8Packetizer(timeOrigin: start)
    if settings.codec == .h264 {
      h264 = H264Packetizer(extradata: encoder.format.extradata, timeOrigin: start)
    }
    random = RandomNumbers(seed: seed)
  }

  private static func makeEncoder(
    _ settings: CameraSettings, size: PixelSize, bitrate: Int
  ) throws(CodecError) -> VideoEncoder {
    try VideoEncoder(
      codec: settings.codec,
      settings: VideoEncoderSettings(
        width: size.width, height: size.height, frameRate: settings.frameRate, bitrate: bitrate,
        bufferMilliseconds: 500, preset: "ultrafast", keyFrameIntervalSeconds: settings.keyFrameInterval))
  }

  mutating func requestKeyFrame() { wantsKeyFrame = true }

  mutating func setBitrate(_ value: Int, now: MediaTime) {
    bitrate = max(30_000, value)
    encoder.setBitrate(bitrate)
    targets.append((now, bitrate))
  }

  mutating func setSize(_ size: PixelSize) {
    guard let fresh = try? Self.makeEncoder(settings, size: size, bitrate: bitrate) else { return }
    self.size = size
    encoder = fresh
    wantsKeyFrame = true
  }

  func captureTime(of number: Int) -> MediaTime { MediaTime(count: Int64(number), rate: Int64(settings.frameRate)) }

  /// A frame that is taken but never sent: the camera is off.
  mutating func skip() { nextNumber += 1 }

  mutating func next() -> PacketizedFrame? {
    let number = nextNumber
    nextNumber += 1
    guard let frame = picture.draw(number, size: size),
      var packet = try? encoder.encode(
        frame, time: captureTime(of: number), forceKeyFrame: wantsKeyFrame, ledgerID: 0)
    else { return nil }
    wantsKeyFrame = false
    if packet.isKeyFrame { keyFramesSent += 1 }
    settings.edit?(&packet, &random)
    return h264?.packetize(packet) ?? vp8.packetize(packet)
  }
}
