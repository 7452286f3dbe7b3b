import MixCore
import Testing

private let dark = YUVColor(y: 40, u: 100, v: 200)
private let light = YUVColor(y: 200, u: 160, v: 60)

@Suite("Compositor: opacity, corners, borders and states")
struct CompositorBlendTests {
  private func overDark(
    _ top: Layer, _ frame: VideoFrame?, _ state: LayerPicture.State = .live
  ) throws -> VideoFrame {
    try rendered(
      [layer("host", 0, 0, 64, 48), top], [picture("host", try .make(64, 48, dark)), picture("top", frame, state)],
      width: 64, height: 48)
  }

  @Test("Half opacity is half of both, with and without scaling", arguments: [16, 32, 64, 25])
  func opacity(sourceWidth: Int) throws {
    let frame = try VideoFrame.make(sourceWidth, sourceWidth, light)
    let canvas = try overDark(layer("top", 8, 8, 16, 16, z: 1, opacity: 0.5), frame)
    #expect(canvas.color(8, 8) == YUVColor(y: 120, u: 130, v: 130))
    #expect(canvas.color(23, 23) == YUVColor(y: 120, u: 130, v: 130))
    #expect(canvas.color(24, 23) == dark)
    #expect(canvas.color(7, 8) == dark)
  }

  @Test("Nothing of a layer without opacity is seen")
  func invisible() throws {
    for opacity in [0, -1, Float.nan] {
      let canvas = try overDark(layer("top", 0, 0, 64, 48, z: 1, opacity: opacity), try .make(64, 48, light))
      #expect(canvas.color(20, 20) == dark)
    }
  }

  @Test("Rounded corners show what is below, smoothly; edges and the inside are untouched")
  func corners() throws {
    let canvas = try overDark(layer("top", 8, 8, 32, 24, z: 1, radius: 8), try .make(32, 24, light))
    for (x, y) in [(8, 8), (39, 8), (8, 31), (39, 31)] { #expect(canvas.color(x, y) == dark) }
    for (x, y) in [(24, 8), (8, 20), (39, 20), (24, 31), (24, 20)] { #expect(canvas.color(x, y) == light) }
    let edge = (8..<16).map { canvas.luma($0, 9) }
    #expect(edge == edge.sorted())
    #expect(edge.contains { $0 > dark.y && $0 < light.y })
    #expect(edge == (32..<40).reversed().map { canvas.luma($0, 9) })
    #expect((8..<16).map { canvas.luma($0, 10) } == (8..<16).map { canvas.luma(10, $0) })
  }

  @Test("Corners of a half opaque tile are half as opaque")
  func transparentCorners() throws {
    let canvas = try overDark(layer("top", 8, 8, 32, 24, z: 1, opacity: 0.5, radius: 8), try .make(32, 24, light))
    #expect(canvas.color(8, 8) == dark)
    #expect(canvas.luma(24, 8) == 120)
    #expect(canvas.luma(24, 20) == 120)
  }

  @Test("A border lies inside the rectangle; the picture fits into the rest")
  func border() throws {
    let top = layer("top", 8, 8, 32, 24, z: 1, border: Layer.Border(width: 3, color: .white))
    let canvas = try overDark(top, try .make(48, 32, light))
    for x in 8..<40 { #expect(canvas.color(x, 11) == .white && canvas.color(x, 28) == .white) }
    for y in 12..<28 {
      #expect(
        [7, 8, 11, 12, 35, 36, 39, 40].map { canvas.color($0, y) } == [
          dark, .white, .white, light, light, .white, .white, dark,
        ])
    }
  }

  @Test("A rounded border has rounded corners inside and outside")
  func roundedBorder() throws {
    let top = layer("top", 8, 8, 32, 24, z: 1, border: Layer.Border(width: 4, color: .white), radius: 10)
    let canvas = try overDark(top, try .make(24, 16, light))
    #expect(canvas.color(8, 8) == dark)
    #expect(canvas.luma(12, 12) == YUVColor.white.y)
    #expect(canvas.color(20, 9) == .white)
    #expect(canvas.color(24, 20) == light)
  }

  @Test("A stale picture has half the luma above black and the same chroma")
  func stale() throws {
    let canvas = try overDark(layer("top", 8, 8, 16, 16, z: 1), try .make(16, 16, light), .stale)
    #expect(canvas.color(12, 12) == YUVColor(y: 108, u: 160, v: 60))
    #expect(canvas.color(24, 12) == dark)
    let faded = try overDark(layer("top", 8, 8, 16, 16, z: 1, opacity: 0.5), try .make(16, 16, light), .stale)
    #expect(faded.color(12, 12) == YUVColor(y: 74, u: 130, v: 130))
  }

  @Test("Without a picture a tile shows a light figure in the middle of a dark ground")
  func placeholder() throws {
    for pictures in [[], [picture("top", nil)], [picture("top", try .make(8, 8, light), .placeholder)]] {
      let canvas = try rendered([layer("top", 0, 0, 128, 72)], pictures, width: 128, height: 72)
      let ground = canvas.luma(0, 0)
      #expect(ground < 60)
      for (x, y) in [(127, 0), (0, 71), (127, 71), (30, 36), (100, 36), (64, 3)] {
        #expect(canvas.luma(x, y) == ground)
      }
      #expect(canvas.luma(64, 26) > ground + 30)
      #expect(canvas.luma(64, 55) > ground + 30)
      #expect(Set(canvas.lumaRows[26]).count > 2)
      #expect(zip(canvas.lumaRows[26], canvas.lumaRows[26].reversed()).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
  }
}
