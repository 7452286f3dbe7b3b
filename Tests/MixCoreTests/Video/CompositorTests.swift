import MixCore
import Testing

private let red = YUVColor(y: 80, u: 90, v: 240)
private let blue = YUVColor(y: 40, u: 240, v: 110)

@Suite("Compositor: places and sizes")
struct CompositorTests {
  @Test("A picture of its rectangle's size is copied sample by sample")
  func copy() throws {
    let source = try VideoFrame.pattern(64, 36)
    let canvas = try rendered([layer("a", 0, 0, 64, 36)], [picture("a", source)], width: 64, height: 36)
    #expect(canvas.lumaRows == source.lumaRows)
    #expect(canvas.chromaRows == source.chromaRows)
  }

  @Test("A tile is exactly in its rectangle, the host around it, in all planes")
  func tile() throws {
    let canvas = try rendered(
      [layer("host", 0, 0, 96, 64), layer("tile", 70, 40, 20, 16, z: 1)],
      [picture("host", try .make(96, 64, red)), picture("tile", try .make(40, 32, blue))], width: 96, height: 64)
    for y in 0..<64 {
      for x in 0..<96 {
        let isTile = (70..<90).contains(x) && (40..<56).contains(y)
        #expect(canvas.color(x, y) == (isTile ? blue : red))
      }
    }
  }

  @Test("Where no layer is there is the background, everywhere and only there")
  func background() throws {
    let canvas = try rendered(
      [layer("a", 10, 6, 20, 10)], [picture("a", try .make(20, 10, red))], width: 49, height: 31, background: blue)
    for y in 0..<31 {
      for x in 0..<49 {
        let isTile = (10..<30).contains(x) && (6..<16).contains(y)
        #expect(canvas.color(x, y) == (isTile ? red : blue))
      }
    }
  }

  @Test("Covering cuts off as much on either side")
  func cover() throws {
    let wide = try VideoFrame.pattern(64, 20)
    let canvas = try rendered([layer("a", 0, 0, 20, 20)], [picture("a", wide)], width: 20, height: 20)
    #expect(canvas.lumaRows == wide.lumaRows.map { Array($0[22..<42]) })
    let high = try VideoFrame.pattern(20, 48)
    let second = try rendered([layer("a", 0, 0, 20, 20)], [picture("a", high)], width: 20, height: 20)
    #expect(second.lumaRows == Array(high.lumaRows[14..<34]))
    #expect(second.chromaRows == Array(high.chromaRows[7..<17] + high.chromaRows[31..<41]))
  }

  @Test("Containing shows the whole picture between black bars")
  func contain() throws {
    let wide = try VideoFrame.pattern(32, 16)
    let canvas = try rendered(
      [layer("a", 0, 0, 32, 32, fit: .contain)], [picture("a", wide)], width: 32, height: 32, background: red)
    #expect(Array(canvas.lumaRows[8..<24]) == wide.lumaRows)
    #expect(canvas.color(5, 7) == .black)
    #expect(canvas.color(5, 24) == .black)
    let high = try rendered(
      [layer("a", 0, 0, 32, 16, fit: .contain)], [picture("a", try .make(16, 32, blue))], width: 32, height: 16)
    #expect([11, 12, 19, 20].map { high.color($0, 3) } == [.black, blue, blue, .black])
  }

  @Test("Rectangles outside, odd or empty change nothing outside the canvas and do not trap")
  func oddRectangles() throws {
    let source = try VideoFrame.pattern(33, 17)
    let layers = [
      layer("a", -10, -10, 30, 30), layer("b", 31, 15, 100, 100), layer("c", 5, 5, 0, 9), layer("d", 9, 9, 1, 1),
      layer("e", .min, .max, .max, .max), layer("f", 3, 3, -4, 8),
    ]
    let canvas = try rendered(layers, layers.map { picture($0.source.rawValue, source) }, width: 40, height: 20)
    #expect(canvas.color(25, 1) == .black)
  }

  @Test("Hidden layers leave no trace, half hidden ones only outside of what hides them")
  func occlusion() throws {
    let canvas = try rendered(
      [
        layer("hidden", 8, 8, 16, 8), layer("half", 0, 0, 64, 20, z: 1), layer("top", 0, 4, 64, 28, z: 2),
      ],
      [
        picture("hidden", try .make(16, 8, red)), picture("half", try .make(64, 20, red)),
        picture("top", try .make(64, 28, blue)),
      ], width: 64, height: 32)
    for y in 0..<32 { #expect(canvas.color(30, y) == (y < 4 ? red : blue)) }
  }
}
