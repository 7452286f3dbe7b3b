/// Options of the layout `side-by-side`.
public struct SideBySideOptions: Sendable, Equatable {
  /// Pixels between the columns.
  public var gap: Int
  public var fit: Layer.Fit

  public init(gap: Int = 0, fit: Layer.Fit = .cover) {
    self.gap = gap
    self.fit = fit
  }

  init(_ reader: inout LayoutOptionReader) throws(LayoutError) {
    gap = try reader.pixels("gap", upTo: 64, default: 0)
    fit = try reader.choice("fit", default: .cover)
  }

  func layers(canvas: PixelSize, participants: [LayoutParticipant]) -> [Layer] {
    let columns = evenParts(of: canvas.width, count: participants.count, gap: gap)
    return zip(participants, columns).enumerated().map { index, pair in
      let (participant, column) = pair
      let rectangle = Rectangle(x: column.start, y: 0, width: column.length, height: canvas.height.evenDown)
      return Layer(source: participant.id, rectangle: rectangle, zIndex: index, fit: fit)
    }
  }
}
