public import MixCore

/// What a file says of its pictures.
public struct VideoTrackInfo: Sendable, Equatable {
  /// libavcodec's name: `vp8`, `h264`, …
  public var codecName: String
  public var size: PixelSize
  /// Frames per second, if the file names a rate.
  public var frameRate: Double?
  public var extradata: [UInt8]
}

/// What a file says of its sound.
public struct AudioTrackInfo: Sendable, Equatable {
  /// libavcodec's name: `opus`, `aac`, …
  public var codecName: String
  public var sampleRate: Int
  public var channels: Int
}
