import MixCore
import Testing

@Suite("Scaling kernels")
struct ScaleKernelTests {
  @Test("Rows are combined bit-exactly at every width and number of rows", arguments: allKernels)
  func combine(kernels: PixelKernels) {
    var random = SeededGenerator(seed: 4)
    for width in widths {
      for taps in [2, 3, 4, 5, 8, 13, 16] {
        let weights = Self.weights(count: taps, using: &random)
        let stride = width + Int.random(in: 0...40, using: &random)
        let picture = random.samples(stride * taps)
        let source = GuardedRow(picture, misalignment: Int.random(in: 0...31, using: &random))
        let target = GuardedRow(random.samples(width), misalignment: Int.random(in: 0...31, using: &random))
        unsafe kernels.combine(
          target.base, source.base, stride: stride, weights: weights, taps: taps, count: width)
        let rows = (0..<taps).map { Array(picture[$0 * stride..<$0 * stride + width]) }
        #expect(target.values == ReferenceKernels.combine(rows, weights: weights))
        #expect(target.isGuardIntact)
      }
    }
  }

  @Test("Boxes of 2×2 and 4×4 are bit-exact at every width, stored and blended", arguments: allKernels, [2, 4])
  func boxes(kernels: PixelKernels, factor: Int) {
    var random = SeededGenerator(seed: 5)
    for width in widths {
      for weight in [128, Int.random(in: 1...127, using: &random)] {
        let stride = factor * width + Int.random(in: 0...40, using: &random)
        let picture = random.samples(stride * factor)
        let under = random.samples(width)
        let source = GuardedRow(picture, misalignment: Int.random(in: 0...31, using: &random))
        let target = GuardedRow(under, misalignment: Int.random(in: 0...31, using: &random))
        if factor == 2 {
          unsafe kernels.half(target.base, source.base, stride: stride, weight: Int32(weight), count: width)
        } else {
          unsafe kernels.quarter(target.base, source.base, stride: stride, weight: Int32(weight), count: width)
        }
        let rows = (0..<factor).map { Array(picture[$0 * stride..<$0 * stride + factor * width]) }
        let boxes = ReferenceKernels.box(rows, factor: factor)
        #expect(target.values == ReferenceKernels.blend(under, boxes, weight: weight))
        #expect(target.isGuardIntact)
      }
    }
  }

  @Test(
    "A filter is bit-exact at every width, up and down, stored and blended", arguments: allKernels,
    [0.37, 0.5, 0.81, 1.0, 1.5, 1.97, 2.0, 2.71, 3.0, 3.3, 4.0, 4.9, 7.2, 8.0, 11.7, 15.0, 22.5])
  func filter(kernels: PixelKernels, ratio: Double) {
    var random = SeededGenerator(seed: 6)
    for width in widths where width > 0 {
      let sourceWidth = max(1, Int((Double(width) * ratio).rounded()))
      let filter = AxisFilter(from: sourceWidth, to: width)
      // A kernel may read a lane from the start of the row, however short the row is.
      let samples = random.samples(sourceWidth)
      let readable = samples + random.samples(max(0, 16 - sourceWidth))
      let source = GuardedRow(readable, misalignment: Int.random(in: 0...31, using: &random))
      let expected = ReferenceKernels.filter(samples, filter)
      for weight in [128, Int.random(in: 1...127, using: &random)] {
        let under = random.samples(width)
        let target = GuardedRow(under, misalignment: Int.random(in: 0...31, using: &random))
        let first = [0, 32, 64, 96].filter { $0 < width }.randomElement(using: &random) ?? 0
        unsafe kernels.filter(target.base, source.base, filter, weight: Int32(weight), columns: first..<width)
        let blended = ReferenceKernels.blend(under, expected, weight: weight)
        #expect(target.values == Array(under.prefix(first) + blended.dropFirst(first)))
        #expect(target.isGuardIntact)
      }
    }
  }

  /// Each below 128, together 128.
  private static func weights(count: Int, using random: inout SeededGenerator) -> [UInt8] {
    var cuts = (0..<count - 1).map { _ in Int.random(in: 1...127, using: &random) }.sorted()
    cuts.append(128)
    var last = 0
    return cuts.map { cut in
      defer { last = cut }
      return UInt8(cut - last)
    }
  }
}
