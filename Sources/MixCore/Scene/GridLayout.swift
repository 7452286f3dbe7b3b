/// Options of the layout `grid`.
public struct GridOptions: Sendable, Equatable {
  /// Pixels between tiles.
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

  /// Full rows first; rows that are one tile shorter come last and are centred.
  func layers(canvas: PixelSize, participants: [LayoutParticipant]) -> [Layer] {
    let lengths = rowLengths(participants.count, isPortrait: canvas.height > canvas.width)
    let rows = evenParts(of: canvas.height, count: lengths.count, gap: gap)
    let columns = evenParts(of: canvas.width, count: lengths.first ?? 1, gap: gap)
    var layers: [Layer] = []
    for (row, length) in zip(rows, lengths) {
      let used = columns[length - 1].start + columns[length - 1].length
      let indent = ((canvas.width - used) / 2).evenDown
      for column in columns.prefix(length) {
        let rectangle = Rectangle(
          x: indent + column.start, y: row.start, width: column.length, height: row.length)
        layers.append(
          Layer(source: participants[layers.count].id, rectangle: rectangle, zIndex: layers.count, fit: fit))
      }
    }
    return layers
  }

  /// As square as possible, with the longer side along the longer side of the canvas.
  private func rowLengths(_ count: Int, isPortrait: Bool) -> [Int] {
    guard count > 0 else { return [] }
    var longer = 1
    while longer * longer < count { longer += 1 }
    let shorter = (count + longer - 1) / longer
    let rows = isPortrait ? longer : shorter
    return (0..<rows).map { count / rows + ($0 < count % rows ? 1 : 0) }
  }
}
