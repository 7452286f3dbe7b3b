import Glibc
import MediaControl
import MixCore

/// What is asked of a sender for a rectangle of a given size.
enum WishRule {
  /// Sizes are rounded up to these steps, so that a tile that moves a little changes nothing.
  private static let step = 20

  /// Bits per second for a picture: 2.5 Mb/s at 1280 × 720 and 30 frames a second.
  ///
  /// Smaller pictures need more per pixel, and rarer ones more per frame, for they have less in common: the rate goes
  /// with the 0.9th power of the pixels and the 0.7th of the frame rate (640 × 360: 720 kb/s, 320 × 180: 210 kb/s).
  static func bitrate(of size: PixelSize, frameRate: Int) -> Int {
    let pixels = Double(max(1, size.width * size.height)) / (1280 * 720)
    let frames = Double(max(1, frameRate)) / 30
    let exact = 2_500_000 * pow(pixels, 0.9) * pow(frames, 0.7)
    return min(max(Int(exact / 10_000) * 10_000, 50_000), 20_000_000)
  }

  /// - Parameter shape: of the sender's picture, of which only the proportions count.
  static func wish(for rectangle: PixelSize?, shape: PixelSize, frameRate: Int) -> VideoWish {
    guard let rectangle, rectangle.width > 0, rectangle.height > 0 else { return .hidden }
    let rounded = PixelSize(width: roundedUp(rectangle.width), height: roundedUp(rectangle.height))
    return VideoWish(
      width: rounded.width, height: rounded.height, frameRate: frameRate,
      bitrate: bitrate(of: rounded.covered(by: shape), frameRate: frameRate))
  }

  private static func roundedUp(_ length: Int) -> Int { (length + step - 1) / step * step }
}

extension VideoWish {
  static let hidden = VideoWish(width: 0, height: 0, frameRate: 0, bitrate: 0)
}

extension PixelSize {
  var pixels: Int { width * height }

  /// The smallest picture with the proportions of `shape` that fills this rectangle.
  func covered(by shape: PixelSize) -> PixelSize {
    guard shape.width > 0, shape.height > 0 else { return self }
    if width * shape.height >= height * shape.width {
      return PixelSize(width: width, height: width * shape.height / shape.width)
    }
    return PixelSize(width: height * shape.width / shape.height, height: height)
  }
}
