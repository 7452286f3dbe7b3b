/// What is left of a rectangle after others were laid over it, as rectangles that do not overlap.
struct VisibleRegion {
  private(set) var parts: [Rectangle] = []
  private var next: [Rectangle] = []

  mutating func reset(to rectangle: Rectangle) {
    parts.removeAll(keepingCapacity: true)
    if !rectangle.isEmpty { parts.append(rectangle) }
  }

  mutating func subtract(_ cover: Rectangle) {
    guard parts.contains(where: { !$0.intersection(cover).isEmpty }) else { return }
    next.removeAll(keepingCapacity: true)
    for part in parts {
      let hidden = part.intersection(cover)
      if hidden.isEmpty {
        next.append(part)
      } else {
        appendRest(of: part, around: hidden)
      }
    }
    swap(&parts, &next)
  }

  /// Above and below in full width, left and right beside the hidden part: long rows are the cheapest to draw.
  private mutating func appendRest(of part: Rectangle, around hidden: Rectangle) {
    func add(_ x: Int, _ y: Int, _ maxX: Int, _ maxY: Int) {
      let rest = Rectangle(x: x, y: y, width: maxX - x, height: maxY - y)
      if !rest.isEmpty { next.append(rest) }
    }
    add(part.x, part.y, part.maxX, hidden.y)
    add(part.x, hidden.y, hidden.x, hidden.maxY)
    add(hidden.maxX, hidden.y, part.maxX, hidden.maxY)
    add(part.x, hidden.maxY, part.maxX, part.maxY)
  }
}
