/// Options of the layout `pip`.
public struct PipOptions: Sendable, Equatable {
  public enum Corner: String, Sendable, CaseIterable {
    case bottomRight = "bottom-right"
    case bottomLeft = "bottom-left"
    case topRight = "top-right"
    case topLeft = "top-left"
  }

  /// Where the first tile is; the others follow along the vertical edge.
  public var corner: Corner
  /// Width of a tile as a part of the canvas' width.
  public var fraction: Double
  /// Pixels between tiles, and between tiles and the edge of the canvas.
  public var margin: Int
  /// Radius of the tiles' corners in pixels.
  public var radius: Int

  public init(corner: Corner = .bottomRight, fraction: Double = 0.25, margin: Int = 16, radius: Int = 0) {
    self.corner = corner
    self.fraction = fraction
    self.margin = margin
    self.radius = radius
  }

  init(_ reader: inout LayoutOptionReader) throws(LayoutError) {
    let standard = PipOptions()
    corner = try reader.choice("corner", default: standard.corner)
    fraction = try reader.number("fraction", in: 0.1...0.5, default: standard.fraction)
    margin = try reader.pixels("margin", upTo: 200, default: standard.margin)
    radius = try reader.pixels("radius", upTo: 100, default: standard.radius)
  }

  /// The first host, or else the first participant, fills the canvas.
  func layers(canvas: PixelSize, participants: [LayoutParticipant]) -> [Layer] {
    guard let main = participants.first(where: \.isHost) ?? participants.first else { return [] }
    let others = participants.filter { $0.id != main.id }
    let size = tileSize(canvas: canvas, count: others.count)
    var layers = [Layer(source: main.id, rectangle: Rectangle(canvas).aligned(within: canvas))]
    for (index, participant) in others.enumerated() {
      let rectangle = tile(index, size: size, canvas: canvas).aligned(within: canvas)
      layers.append(
        Layer(source: participant.id, rectangle: rectangle, zIndex: index + 1, cornerRadius: radius))
    }
    return layers
  }

  /// The asked-for size, made smaller until all tiles have a place.
  private func tileSize(canvas: PixelSize, count: Int) -> PixelSize {
    var size = PixelSize(
      width: Int(Double(canvas.width) * fraction).evenDown, height: Int(Double(canvas.height) * fraction).evenDown)
    while size.width > 2, size.height > 2, count > rows(size, canvas) * columns(size, canvas) {
      let width = (size.width * 15 / 16).evenDown
      size = PixelSize(width: width, height: (width * canvas.height / max(1, canvas.width)).evenDown)
    }
    return size
  }

  private func rows(_ size: PixelSize, _ canvas: PixelSize) -> Int {
    max(1, (canvas.height - margin) / max(1, size.height + margin))
  }

  private func columns(_ size: PixelSize, _ canvas: PixelSize) -> Int {
    max(1, (canvas.width - margin) / max(1, size.width + margin))
  }

  private func tile(_ index: Int, size: PixelSize, canvas: PixelSize) -> Rectangle {
    let (column, row) = index.quotientAndRemainder(dividingBy: rows(size, canvas))
    let fromSide = margin + column * (size.width + margin)
    let fromEnd = margin + row * (size.height + margin)
    let isRight = corner == .bottomRight || corner == .topRight
    let isBottom = corner == .bottomRight || corner == .bottomLeft
    return Rectangle(
      x: isRight ? canvas.width.evenDown - fromSide - size.width : fromSide,
      y: isBottom ? canvas.height.evenDown - fromEnd - size.height : fromEnd,
      width: size.width, height: size.height)
  }
}
