extension Rectangle {
  /// The samples of a plane that has 1/2^`shift` of the luma resolution; a last odd column or row counts as whole.
  func halved(_ shift: Int) -> Rectangle {
    Rectangle(
      x: x >> shift, y: y >> shift, width: (width + shift) >> shift, height: (height + shift) >> shift)
  }
}

extension Plane {
  /// - Parameter rectangle: in samples of this plane, inside it.
  func cropped(to rectangle: Rectangle) -> Plane {
    unsafe Plane(
      base: base + rectangle.y * stride + rectangle.x, stride: stride, width: rectangle.width,
      height: rectangle.height)
  }

  fileprivate func fill(_ rectangle: Rectangle, with value: UInt8) {
    for y in rectangle.y..<rectangle.maxY {
      unsafe (base + y * stride + rectangle.x).update(repeating: value, count: rectangle.width)
    }
  }
}

extension VideoFrame {
  /// - Parameter rectangle: in luma pixels, inside the frame, its position even.
  func fill(_ rectangle: Rectangle, with color: YUVColor) {
    unsafe y.fill(rectangle, with: color.y)
    unsafe u.fill(rectangle.halved(1), with: color.u)
    unsafe v.fill(rectangle.halved(1), with: color.v)
  }
}
