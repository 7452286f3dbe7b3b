/// Which part of a picture goes to which part of its place.
struct PictureFit: Equatable {
  /// In the picture's luma pixels; position and size even, except for the last odd column or row of the picture.
  let source: Rectangle
  /// Inside `area`, even.
  let target: Rectangle

  init(_ fit: Layer.Fit, picture: PixelSize, area: Rectangle) {
    let whole = Rectangle(picture)
    if Self.hasSameShape(picture, area.size) {
      self.init(source: whole, target: area)
    } else if fit == .cover {
      self.init(source: Self.largest(shapedLike: area.size, in: whole), target: area)
    } else {
      self.init(source: whole, target: Self.largest(shapedLike: picture, in: area))
    }
  }

  private init(source: Rectangle, target: Rectangle) {
    self.source = source
    self.target = target
  }

  /// Within one percent: a stretch nobody sees is better than cut edges or thin bars made by even sizes.
  private static func hasSameShape(_ a: PixelSize, _ b: PixelSize) -> Bool {
    let (across, along) = (a.width * b.height, b.width * a.height)
    return abs(across - along) * 100 <= max(across, along)
  }

  private static func largest(shapedLike shape: PixelSize, in space: Rectangle) -> Rectangle {
    var size = space.size
    if space.width * shape.height > space.height * shape.width {
      size.width = evenPart(space.height * shape.width / max(1, shape.height), of: space.width)
    } else {
      size.height = evenPart(space.width * shape.height / max(1, shape.width), of: space.height)
    }
    return Rectangle(
      x: space.x + ((space.width - size.width) / 2).evenDown, y: space.y + ((space.height - size.height) / 2).evenDown,
      width: size.width, height: size.height)
  }

  private static func evenPart(_ length: Int, of whole: Int) -> Int { min(whole, max(2, length.evenDown)) }
}
