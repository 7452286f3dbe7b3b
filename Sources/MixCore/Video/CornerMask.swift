/// How much of each sample in the top left corner of a rounded rectangle is inside, in 1/128.
struct CornerMask: Sendable, Equatable {
  let radius: Int
  private let coverage: [UInt8]

  init(radius: Int) {
    self.radius = radius
    let centre = Double(radius)
    coverage = (0..<radius * radius).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: radius)
      let (dx, dy) = (centre - Double(column) - 0.5, centre - Double(row) - 0.5)
      let inside = centre + 0.5 - (dx * dx + dy * dy).squareRoot()
      return UInt8((min(max(inside, 0), 1) * 128).rounded())
    }
  }

  /// Whether row `y` of a rectangle of `height` rows meets a corner.
  func touches(row y: Int, of height: Int) -> Bool { y < radius || y >= height - radius }

  /// Fills `mask` with the weights of row `y`, each times `weight`.
  func write(row y: Int, of size: PixelSize, weight: Int32, into mask: RowBuffer) {
    unsafe mask.base.update(repeating: UInt8(weight), count: size.width)
    guard touches(row: y, of: size.height) else { return }
    let line = min(y, size.height - 1 - y) * radius
    for column in 0..<radius {
      let value = UInt8((Int32(coverage[line + column]) * weight + 64) >> 7)
      unsafe mask.base[column] = value
      unsafe mask.base[size.width - 1 - column] = value
    }
  }
}

/// Keeps the corners in use.
struct CornerMaskCache: Sendable {
  private static let capacity = 16
  private var masks: [CornerMask] = []

  mutating func mask(radius: Int) -> CornerMask? {
    guard radius > 0 else { return nil }
    if let known = masks.first(where: { $0.radius == radius }) { return known }
    if masks.count == Self.capacity { masks.removeFirst() }
    let mask = CornerMask(radius: radius)
    masks.append(mask)
    return mask
  }
}
