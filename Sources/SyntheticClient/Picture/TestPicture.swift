public import MixCore

/// A moving test picture: the participant's base colour and label, a time code, a frame counter for people and one for
/// machines (`FrameMark`), a bar that crosses the picture in four seconds and, if wanted, a field of moving texture that
/// keeps an encoder busy.
public struct TestPicture: Sendable {
  public let size: PixelSize
  private let label: String
  private let color: TestColor
  private let frameRate: Int
  private let texture: MovingTexture?
  private let flashes: FlashPattern?
  private let pool = FramePool(capacity: 3)

  /// - Parameter hue: picks the base colour, see `TestColor.base`.
  public init(
    size: PixelSize, label: String, hue: Int, frameRate: Int, hasTexture: Bool = false, flashes: FlashPattern? = nil
  ) {
    self.size = size
    self.label = String(label.uppercased().prefix(12))
    color = TestColor.base(hue: hue)
    self.frameRate = max(1, frameRate)
    self.flashes = flashes
    texture = hasTexture ? MovingTexture(seed: UInt64(truncatingIfNeeded: hue)) : nil
  }

  /// The picture number `number`; `nil` when the size is beyond `PixelLimits`.
  public func draw(number: Int) -> VideoFrame? {
    guard let frame = pool.acquire(size) else { return nil }
    let brush = PictureBrush(frame)
    if let flashes {
      let isOn = flashes.isOn(at: MediaTime(count: Int64(number), rate: Int64(frameRate)))
      brush.fill(isOn ? .white : color)
      return frame
    }
    brush.fill(color)
    texture?.draw(number: number, into: frame)
    writeText(number, with: brush)
    drawBar(number, with: brush)
    FrameMark.draw(number % FrameMark.modulus, with: brush)
    return frame
  }

  private func writeText(_ number: Int, with brush: PictureBrush) {
    let dot = max(1, size.width / 200)
    let line = dot * (GlyphFont.height + 3)
    let (left, top) = (size.width / 20, size.height / 8)
    brush.write(label, x: left, y: top, dot: dot, .white)
    brush.write(timeCode(number), x: left, y: top + line, dot: dot, .white)
    brush.write(Self.padded(number, 6), x: left, y: top + 2 * line, dot: dot, .white)
  }

  private func drawBar(_ number: Int, with brush: PictureBrush) {
    let period = 4 * frameRate
    let width = max(2, size.width / 50)
    brush.fill(
      x: number % period * (size.width - width) / period, y: size.height * 3 / 4, width: width, height: size.height / 6,
      .white)
  }

  /// Minutes, seconds, frames.
  private func timeCode(_ number: Int) -> String {
    let seconds = number / frameRate
    return "\(Self.padded(seconds / 60 % 100, 2)):\(Self.padded(seconds % 60, 2)).\(Self.padded(number % frameRate, 2))"
  }

  private static func padded(_ value: Int, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
