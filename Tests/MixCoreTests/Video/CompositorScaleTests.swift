import MixCore
import Testing

@Suite("Compositor: scaling")
struct CompositorScaleTests {
  @Test(
    "A scaled tile has exactly the samples of the reference filter, with every instruction set",
    arguments: [(32, 32), (48, 40), (64, 64), (100, 100), (130, 22), (20, 24), (11, 9), (2, 2), (1, 1), (319, 181)],
    PixelKernels.InstructionSet.allCases)
  func scale(sourceSize: (Int, Int), instructionSet: PixelKernels.InstructionSet) throws {
    guard let kernels = PixelKernels(instructionSet) else { return }
    let source = try VideoFrame.pattern(sourceSize.0, sourceSize.1)
    let top = layer("a", 4, 2, sourceSize.0 * 36 / sourceSize.1 & ~1, 36)
    let canvas = try rendered([top], [picture("a", source)], width: 260, height: 40, kernels: kernels)
    let width = min(top.rectangle.width, 256)
    let expected = reference(cropped(source, to: PixelSize(width: width, height: 36)), width: width, height: 36)
    #expect(canvas.lumaRows[2..<38].map { Array($0[4..<4 + width]) } == expected)
    #expect(canvas.luma(3, 10) == 16 && canvas.luma(4 + width, 10) == 16)
  }

  @Test("A scaled host under an opaque tile is the same outside of it as without the tile")
  func clipped() throws {
    let source = try VideoFrame.pattern(150, 90)
    let pictures = [picture("host", source), picture("tile", try .make(40, 24, .white))]
    let host = layer("host", 0, 0, 200, 120)
    let alone = try rendered([host], pictures, width: 200, height: 120)
    for (x, y) in [(150, 90), (0, 0), (78, 50), (160, 40)] {
      let both = try rendered([host, layer("tile", x, y, 40, 24, z: 1)], pictures, width: 200, height: 120)
      for row in 0..<120 {
        for column in 0..<200 {
          let isTile = (x..<x + 40).contains(column) && (y..<y + 24).contains(row)
          #expect(both.luma(column, row) == (isTile ? YUVColor.white.y : alone.luma(column, row)))
        }
      }
    }
  }

  @Test("Rendering again and again gives the same picture, whatever was drawn between")
  func repeatable() throws {
    let source = try VideoFrame.pattern(90, 50)
    let scene = Scene(
      canvas: PixelSize(width: 128, height: 72),
      layers: [layer("a", 0, 0, 128, 72), layer("b", 80, 40, 40, 24, z: 1, opacity: 0.7, radius: 6)])
    let other = Scene(canvas: scene.canvas, layers: [layer("a", 2, 2, 60, 60, radius: 9)])
    let pictures = [picture("a", source), picture("b", source)]
    let (first, second) = (try VideoFrame.make(128, 72), try VideoFrame.make(128, 72, .white))
    var compositor = Compositor()
    compositor.render(scene, pictures: pictures, into: first)
    compositor.render(other, pictures: pictures, into: second)
    compositor.render(scene, pictures: pictures, into: second)
    #expect(first.lumaRows == second.lumaRows)
    #expect(first.chromaRows == second.chromaRows)
  }

  /// What covering leaves of the picture, for shapes that differ by more than one percent.
  private func cropped(_ source: VideoFrame, to shape: PixelSize) -> [[UInt8]] {
    let (across, along) = (source.width * shape.height, source.height * shape.width)
    var (width, height) = (source.width, source.height)
    if abs(across - along) * 100 > max(across, along) {
      if across > along {
        width = min(width, max(2, along / shape.height & ~1))
      } else {
        height = min(height, max(2, across / shape.width & ~1))
      }
    }
    let (x, y) = ((source.width - width) / 2 & ~1, (source.height - height) / 2 & ~1)
    return source.lumaRows[y..<y + height].map { Array($0[x..<x + width]) }
  }

  /// Boxes where both sides are halved or quartered, else first all columns, then all rows.
  private func reference(_ rows: [[UInt8]], width: Int, height: Int) -> [[UInt8]] {
    for factor in [2, 4] where rows[0].count == factor * width && rows.count == factor * height {
      return (0..<height).map { ReferenceKernels.box(Array(rows[$0 * factor..<($0 + 1) * factor]), factor: factor) }
    }
    let vertical = AxisFilter(from: rows.count, to: height)
    let horizontal = AxisFilter(from: rows[0].count, to: width)
    return (0..<height).map { y in
      let window = vertical.window(y)
      let used = Array(rows[window.start..<window.start + window.weights.count])
      return ReferenceKernels.filter(ReferenceKernels.combine(used, weights: window.weights), horizontal)
    }
  }
}
