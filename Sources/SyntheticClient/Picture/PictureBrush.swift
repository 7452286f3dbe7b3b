import MixCore

/// Draws filled rectangles and letters into a picture that nobody else holds yet.
struct PictureBrush {
  let frame: VideoFrame

  init(_ frame: VideoFrame) { self.frame = frame }

  func fill(_ color: TestColor) {
    fill(x: 0, y: 0, width: frame.width, height: frame.height, color)
  }

  /// What lies outside the picture is left out. Chroma is drawn for every pair of pixels that is touched.
  func fill(x: Int, y: Int, width: Int, height: Int, _ color: TestColor) {
    let columns = max(0, x)..<max(0, x, min(frame.width, x + width))
    let rows = max(0, y)..<max(0, y, min(frame.height, y + height))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    unsafe Self.fill(frame.y, columns, rows, color.y)
    let halfColumns = (columns.lowerBound / 2)..<((columns.upperBound + 1) / 2)
    let halfRows = (rows.lowerBound / 2)..<((rows.upperBound + 1) / 2)
    unsafe Self.fill(frame.u, halfColumns, halfRows, color.u)
    unsafe Self.fill(frame.v, halfColumns, halfRows, color.v)
  }

  /// One line of text with dots of `dot` × `dot` pixels.
  func write(_ text: String, x: Int, y: Int, dot: Int, _ color: TestColor) {
    var left = x
    for character in text {
      for (row, bits) in GlyphFont.rows(of: character).enumerated() {
        for column in 0..<GlyphFont.width where bits & (0x10 >> UInt8(column)) != 0 {
          fill(x: left + column * dot, y: y + row * dot, width: dot, height: dot, color)
        }
      }
      left += (GlyphFont.width + 1) * dot
    }
  }

  private static func fill(_ plane: Plane, _ columns: Range<Int>, _ rows: Range<Int>, _ value: UInt8) {
    for row in rows {
      let start = unsafe plane.base + row * plane.stride + columns.lowerBound
      unsafe start.update(repeating: value, count: columns.count)
    }
  }
}
