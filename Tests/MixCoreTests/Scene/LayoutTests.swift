import MixCore
import Testing

private let canvas = PixelSize(width: 1280, height: 720)

private func participants(_ count: Int, host: Int = 0) -> [LayoutParticipant] {
  (0..<count).map { LayoutParticipant(id: SourceID("p\($0)"), isHost: $0 == host, hasVideo: $0 % 2 == 0) }
}

@Suite("Layouts")
struct LayoutTests {
  static let everyLayout: [Layout] = [
    .pip(PipOptions()), .pip(PipOptions(corner: .topLeft, fraction: 0.33, margin: 7)), .grid(GridOptions()),
    .grid(GridOptions(gap: 8)), .sideBySide(SideBySideOptions()), .sideBySide(SideBySideOptions(gap: 4)),
  ]
  static let canvases = [canvas, PixelSize(width: 720, height: 1280), PixelSize(width: 426, height: 240)]

  @Test("Everybody has an even rectangle inside the canvas, and tiles never overlap", arguments: everyLayout, canvases)
  func wellFormed(layout: Layout, canvas: PixelSize) {
    for count in 0...17 {
      let scene = layout.scene(canvas: canvas, participants: participants(count))
      #expect(scene.layers.count == min(count, 16))
      #expect(Set(scene.layers.map(\.source)).count == scene.layers.count)
      let tiles = scene.layers.map(\.rectangle)
      #expect(tiles.allSatisfy { isEvenInside($0, canvas) })
      var small = tiles[...]
      if layout.name == "pip" { small = small.dropFirst() }
      for (index, tile) in zip(small.indices, small) {
        #expect(!small[..<index].contains { overlap($0, tile) })
      }
    }
  }

  @Test("pip: the host fills the canvas, the first tile is in the bottom right corner, the next above it")
  func pip() {
    let scene = Layout.pip(PipOptions()).scene(canvas: canvas, participants: participants(5, host: 1))
    #expect(scene.layers.map(\.source.rawValue) == ["p1", "p0", "p2", "p3", "p4"])
    #expect(
      scene.layers.map(\.rectangle) == [
        Rectangle(x: 0, y: 0, width: 1280, height: 720),
        Rectangle(x: 944, y: 524, width: 320, height: 180),
        Rectangle(x: 944, y: 328, width: 320, height: 180),
        Rectangle(x: 944, y: 132, width: 320, height: 180),
        Rectangle(x: 608, y: 524, width: 320, height: 180),
      ])
    #expect(scene.layers.map(\.zIndex) == [0, 1, 2, 3, 4])
  }

  @Test("pip: corner, fraction and margin can be chosen")
  func pipOptions() throws {
    let layout = try Layout(
      name: "pip", options: ["corner": .text("top-left"), "fraction": .number(0.5), "margin": .number(0)])
    let scene = layout.scene(canvas: canvas, participants: participants(2))
    #expect(scene.layers[1].rectangle == Rectangle(x: 0, y: 0, width: 640, height: 360))
  }

  @Test("grid: three in two rows, the lower one centred")
  func grid() {
    let scene = Layout.grid(GridOptions()).scene(canvas: canvas, participants: participants(3))
    #expect(
      scene.layers.map(\.rectangle) == [
        Rectangle(x: 0, y: 0, width: 640, height: 360),
        Rectangle(x: 640, y: 0, width: 640, height: 360),
        Rectangle(x: 320, y: 360, width: 640, height: 360),
      ])
  }

  @Test("grid: seven are three, two and two; four fill the canvas without gaps; a portrait canvas stacks two")
  func gridRows() {
    let seven = Layout.grid(GridOptions()).scene(canvas: canvas, participants: participants(7))
    #expect(Dictionary(grouping: seven.layers, by: \.rectangle.y).values.map(\.count).sorted() == [2, 2, 3])
    let four = Layout.grid(GridOptions()).scene(canvas: canvas, participants: participants(4))
    #expect(four.layers.reduce(0) { $0 + $1.rectangle.width * $1.rectangle.height } == 1280 * 720)
    let portrait = PixelSize(width: 720, height: 1280)
    let two = Layout.grid(GridOptions()).scene(canvas: portrait, participants: participants(2))
    #expect(two.layers.map(\.rectangle.y) == [0, 640])
  }

  @Test("side-by-side: two halves, or as many equal columns")
  func sideBySide() {
    let two = Layout.sideBySide(SideBySideOptions()).scene(canvas: canvas, participants: participants(2))
    #expect(two.layers.map(\.rectangle.x) == [0, 640])
    #expect(two.layers.allSatisfy { $0.rectangle.width == 640 && $0.rectangle.height == 720 })
    let three = Layout.sideBySide(SideBySideOptions(gap: 10)).scene(canvas: canvas, participants: participants(3))
    #expect(three.layers.map(\.rectangle.x) == [0, 430, 860])
    #expect(three.layers.map(\.rectangle.width) == [420, 420, 420])
  }

  @Test("Layouts have names and are found by them", arguments: ["pip", "grid", "side-by-side"])
  func names(name: String) throws {
    #expect(try Layout(name: name, options: [:]).name == name)
  }

  private func isEvenInside(_ tile: Rectangle, _ canvas: PixelSize) -> Bool {
    [tile.x, tile.y, tile.width, tile.height].allSatisfy { $0.isMultiple(of: 2) && $0 >= 0 }
      && tile.width > 0 && tile.height > 0
      && tile.x + tile.width <= canvas.width && tile.y + tile.height <= canvas.height
  }

  private func overlap(_ a: Rectangle, _ b: Rectangle) -> Bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
  }
}
