/// Draws one plane of one tile.
@safe struct TilePainter {
  /// Scratch rows, shared by all tiles of a compositor.
  struct Scratch: Sendable {
    let line = RowBuffer()
    let row = RowBuffer()
    let content = RowBuffer()
    let mask = RowBuffer()
  }

  let kernels: PixelKernels
  let scratch: Scratch
  let scaler: PlaneScaler
  let weight: Int32
  let isDimmed: Bool
  let border: Int
  let borderValue: UInt8
  let groundValue: UInt8
  /// Of the whole tile.
  let outer: CornerMask?
  /// Of what is inside a border.
  let inner: CornerMask?
  /// In samples of the plane.
  let size: PixelSize
  /// Of the picture inside the tile.
  let picture: Rectangle
  /// The tile's first sample in the canvas.
  @unsafe let origin: Row
  let stride: Int

  private var isBare: Bool {
    border == 0 && !isDimmed && picture.width == size.width && picture.height == size.height
  }

  /// The whole tile.
  func paint() {
    for y in 0..<size.height {
      let row = unsafe origin + y * stride
      if outer?.touches(row: y, of: size.height) ?? false {
        unsafe assemble(row: y, into: scratch.row.base)
        outer?.write(row: y, of: size, weight: weight, into: scratch.mask)
        unsafe kernels.blend(row, scratch.row.base, mask: scratch.mask.base, count: size.width)
      } else if weight == PixelKernels.opaque {
        unsafe assemble(row: y, into: row)
      } else if isBare {
        unsafe scaler.draw(row: y, columns: 0..<size.width, into: row, weight: weight)
      } else {
        unsafe assemble(row: y, into: scratch.row.base)
        unsafe kernels.blend(row, scratch.row.base, weight: weight, count: size.width)
      }
    }
  }

  /// Only `part` of a plain tile, in samples from the tile's corner.
  func paint(_ part: Rectangle) {
    unsafe scaler.draw(part, into: origin, stride: stride)
  }

  /// The opaque row as it is inside the tile's outline: border, ground and picture.
  private func assemble(row y: Int, into row: Row) {
    let height = size.height - 2 * border
    let width = size.width - 2 * border
    let innerY = y - border
    guard innerY >= 0, innerY < height else {
      unsafe row.update(repeating: borderValue, count: size.width)
      return
    }
    unsafe row.update(repeating: borderValue, count: border)
    unsafe (row + border + width).update(repeating: borderValue, count: border)
    guard let inner = inner, inner.touches(row: innerY, of: height) else {
      unsafe content(row: innerY, width: width, into: row + border)
      return
    }
    let area = PixelSize(width: width, height: height)
    unsafe content(row: innerY, width: width, into: scratch.content.base)
    inner.write(row: innerY, of: area, weight: PixelKernels.opaque, into: scratch.mask)
    unsafe (row + border).update(repeating: borderValue, count: width)
    unsafe kernels.blend(row + border, scratch.content.base, mask: scratch.mask.base, count: width)
  }

  /// A row inside the border: the picture and the ground beside it.
  private func content(row y: Int, width: Int, into row: Row) {
    let left = picture.x - border
    let right = width - left - picture.width
    let pictureY = y + border - picture.y
    guard pictureY >= 0, pictureY < picture.height else {
      unsafe row.update(repeating: groundValue, count: width)
      return
    }
    unsafe row.update(repeating: groundValue, count: left)
    unsafe (row + width - right).update(repeating: groundValue, count: right)
    unsafe scaler.draw(row: pictureY, columns: 0..<picture.width, into: row + left, weight: PixelKernels.opaque)
    if isDimmed { unsafe kernels.dim(row + left, count: picture.width) }
  }
}
