/// The picture a participant is wanted to send: no more than what is shown of him anywhere.
public struct VideoWish: Sendable, Codable, Equatable {
  /// In pixels, of the largest rectangle he fills; 0 × 0 while he is shown nowhere.
  public var width: Int
  public var height: Int
  public var frameRate: Int
  /// Bits per second that are enough for that.
  public var bitrate: Int

  public init(width: Int, height: Int, frameRate: Int, bitrate: Int) {
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.bitrate = bitrate
  }

  public var isHidden: Bool { width <= 0 || height <= 0 }
}
