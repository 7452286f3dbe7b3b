/// A rule that turns the participants of a room into a scene.
public enum Layout: Sendable, Equatable {
  /// The host fills the canvas, everybody else is a small tile at its edge.
  case pip(PipOptions)
  /// Everybody has the same room, in rows.
  case grid(GridOptions)
  /// Everybody has the same room, in columns of full height.
  case sideBySide(SideBySideOptions)

  /// More are not on stage (and not drawn).
  public static let maximumParticipants = 16

  public init(name: String, options: [String: LayoutValue] = [:]) throws(LayoutError) {
    var reader = LayoutOptionReader(layout: name, options: options)
    switch name {
    case "pip": self = .pip(try PipOptions(&reader))
    case "grid": self = .grid(try GridOptions(&reader))
    case "side-by-side": self = .sideBySide(try SideBySideOptions(&reader))
    default: throw .unknownLayout(name)
    }
    try reader.finish()
  }

  public var name: String {
    switch self {
    case .pip: "pip"
    case .grid: "grid"
    case .sideBySide: "side-by-side"
    }
  }

  /// Every participant's layer, at even positions inside the canvas; the same input always gives the same scene.
  public func scene(canvas: PixelSize, participants: [LayoutParticipant]) -> Scene {
    let shown = Array(participants.prefix(Self.maximumParticipants))
    let layers =
      switch self {
      case .pip(let options): options.layers(canvas: canvas, participants: shown)
      case .grid(let options): options.layers(canvas: canvas, participants: shown)
      case .sideBySide(let options): options.layers(canvas: canvas, participants: shown)
      }
    return Scene(canvas: canvas, layers: layers)
  }
}

/// The `count` parts of `length`, `gap` apart: even starts, even sizes, as equal as that allows.
func evenParts(of length: Int, count: Int, gap: Int) -> [(start: Int, length: Int)] {
  let gap = gap.evenDown
  let whole = length.evenDown + gap
  return (0..<count).map { index in
    let start = (index * whole / count).evenDown
    let end = ((index + 1) * whole / count).evenDown - gap
    return (start, max(0, end - start))
  }
}
