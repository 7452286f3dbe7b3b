public import MixCore

/// What `mixd render` is asked to do.
public struct RenderRequest: Sendable {
  public enum Arrangement: Sendable {
    case layout(Layout)
    /// A fixed scene whose layers name `host`, `cohost-1`, `cohost-2`, …
    case scene(Scene)
  }

  public var host: String
  public var cohosts: [String]
  public var arrangement: Arrangement
  public var size: PixelSize
  public var frameRate: Int
  /// Bits per second.
  public var videoBitrate: Int
  public var preset: String
  /// File path or push URL; the container follows from it.
  public var output: String

  public init(
    host: String, cohosts: [String], arrangement: Arrangement, size: PixelSize, frameRate: Int, videoBitrate: Int,
    preset: String, output: String
  ) {
    self.host = host
    self.cohosts = cohosts
    self.arrangement = arrangement
    self.size = size
    self.frameRate = frameRate
    self.videoBitrate = videoBitrate
    self.preset = preset
    self.output = output
  }
}

/// What a finished rendering was.
public struct RenderReport: Sendable {
  public var frames: Int
  public var duration: MediaTime
  /// Timings of the last frames on the clock given to the renderer.
  public var records: [ProgramFrameRecord]
}
