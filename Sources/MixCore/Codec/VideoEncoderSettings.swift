/// How a video track is encoded. Every encoder takes one picture and gives one frame, without delay.
public struct VideoEncoderSettings: Sendable, Equatable {
  /// Both even.
  public var width: Int
  public var height: Int
  /// Frames per second.
  public var frameRate: Int
  /// Bits per second.
  public var bitrate: Int
  /// How much media at `bitrate` the receiver's buffer holds.
  public var bufferMilliseconds: Int
  /// `live`, or x264's name for a trade of time against quality; VP8 has its own scale.
  public var preset: String
  public var keyFrameIntervalSeconds: Int
  public var threads: Int

  public init(
    width: Int, height: Int, frameRate: Int, bitrate: Int, bufferMilliseconds: Int = 1000,
    preset: String = H264Encoder.live, keyFrameIntervalSeconds: Int = 2, threads: Int = 1
  ) {
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.bitrate = bitrate
    self.bufferMilliseconds = bufferMilliseconds
    self.preset = preset
    self.keyFrameIntervalSeconds = keyFrameIntervalSeconds
    self.threads = threads
  }

  var size: PixelSize { PixelSize(width: width, height: height) }
  var frameDuration: MediaTime { MediaTime(count: 1, rate: Int64(frameRate)) }
  var keyFrameInterval: Int { frameRate * keyFrameIntervalSeconds }

  /// Whether every value is one that an encoder can work with; keeps the arithmetic above from overflowing.
  var isEncodable: Bool {
    PixelLimits.allows(size) && width % 2 == 0 && height % 2 == 0 && (1...120).contains(frameRate)
      && Self.bitrates.contains(bitrate) && (100...10_000).contains(bufferMilliseconds)
      && (1...60).contains(keyFrameIntervalSeconds) && (1...16).contains(threads)
  }

  /// Bits per second that an encoder can be asked for.
  static let bitrates = 10_000...100_000_000
}
