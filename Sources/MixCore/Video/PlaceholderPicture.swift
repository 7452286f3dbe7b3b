/// What is shown of somebody without a picture: a person's head and shoulders on a dark ground.
///
/// One square picture, drawn once and scaled like any other; around it the tile is filled with the same ground.
enum PlaceholderPicture {
  static let ground = YUVColor(y: 38, u: 132, v: 126)
  private static let figure = YUVColor(y: 92, u: 130, v: 127)
  private static let side = 512

  /// Drawn once in a process, on first use.
  static let frame = make()

  private static func make() -> VideoFrame {
    let size = PixelSize(width: side, height: side)
    let frame = VideoFrame(size: size, storage: FrameStorage(size: size), pool: nil)
    unsafe draw(frame.y, ground: ground.y, figure: figure.y)
    unsafe draw(frame.u, ground: ground.u, figure: figure.u)
    unsafe draw(frame.v, ground: ground.v, figure: figure.v)
    return frame
  }

  @unsafe private static func draw(_ plane: Plane, ground: UInt8, figure: UInt8) {
    let scale = unsafe 1 / Double(plane.width)
    for y in unsafe 0..<plane.height {
      for x in unsafe 0..<plane.width {
        let inside = coverage((Double(x) + 0.5) * scale, (Double(y) + 0.5) * scale, sample: scale)
        let value = Double(ground) + (Double(figure) - Double(ground)) * inside
        unsafe plane.base[y * plane.stride + x] = UInt8(value.rounded())
      }
    }
  }

  /// How much of the sample around a point of the unit square belongs to the figure.
  private static func coverage(_ x: Double, _ y: Double, sample: Double) -> Double {
    let head = 0.15 - distance(x - 0.5, y - 0.36)
    // Shoulders: the upper half of an ellipse.
    let shoulders = min(0.28 - distance(x - 0.5, (y - 0.84) * 1.15), 0.84 - y)
    return min(max(max(head, shoulders) / sample + 0.5, 0), 1)
  }

  private static func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
