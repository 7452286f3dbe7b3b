/// A part of a picture in luma pixels, y downwards.
public struct Rectangle: Hashable, Sendable, Codable {
  public var x, y, width, height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public init(_ size: PixelSize) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  public var size: PixelSize { PixelSize(width: width, height: height) }
}

extension Rectangle {
  var maxX: Int { x + width }
  var maxY: Int { y + height }
  var isEmpty: Bool { width <= 0 || height <= 0 }

  func intersection(_ other: Rectangle) -> Rectangle {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rectangle(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  func inset(by distance: Int) -> Rectangle {
    Rectangle(x: x + distance, y: y + distance, width: width - 2 * distance, height: height - 2 * distance)
  }

  /// The part inside `size`, its edges moved to even positions, so that chroma samples belong to one side of each edge.
  func aligned(within size: PixelSize) -> Rectangle {
    // Scenes can come from files: bounded before any sum could overflow.
    let limit = 1 << 20
    let left = x.bounded(-limit, limit).bounded(0, size.width).evenDown
    let top = y.bounded(-limit, limit).bounded(0, size.height).evenDown
    let right = (x.bounded(-limit, limit) + width.bounded(0, limit)).bounded(left, size.width.evenDown).evenDown
    let bottom = (y.bounded(-limit, limit) + height.bounded(0, limit)).bounded(top, size.height.evenDown).evenDown
    return Rectangle(x: left, y: top, width: max(0, right - left), height: max(0, bottom - top))
  }
}

extension Int {
  var evenDown: Int { self & ~1 }

  func bounded(_ lower: Int, _ upper: Int) -> Int { Swift.min(Swift.max(self, lower), Swift.max(lower, upper)) }
}
