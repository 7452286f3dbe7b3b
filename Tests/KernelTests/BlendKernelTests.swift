import MixCore
import Testing

/// What the kernels of every instruction set of this processor must give, sample for sample.
let allKernels = PixelKernels.InstructionSet.allCases.compactMap { PixelKernels($0) }
let widths = 0...130

@Suite("Blending kernels")
struct BlendKernelTests {
  @Test("A blend of constant weight is bit-exact at every width and alignment", arguments: allKernels)
  func constantWeight(kernels: PixelKernels) {
    var random = SeededGenerator(seed: 1)
    for width in widths {
      for weight in [1, 64, 127, 128, Int.random(in: 1...128, using: &random)] {
        let (under, over) = (random.samples(width), random.samples(width))
        let target = GuardedRow(under, misalignment: Int.random(in: 0...31, using: &random))
        let source = GuardedRow(over, misalignment: Int.random(in: 0...31, using: &random))
        unsafe kernels.blend(target.base, source.base, weight: Int32(weight), count: width)
        #expect(target.values == ReferenceKernels.blend(under, over, weight: weight))
        #expect(target.isGuardIntact)
      }
    }
  }

  @Test("A masked blend is bit-exact at every width and alignment", arguments: allKernels)
  func masked(kernels: PixelKernels) {
    var random = SeededGenerator(seed: 2)
    for width in widths {
      let (under, over) = (random.samples(width), random.samples(width))
      let mask = random.samples(width).map { $0 == 255 ? 128 : $0 % 129 }
      let target = GuardedRow(under, misalignment: Int.random(in: 0...31, using: &random))
      let source = GuardedRow(over, misalignment: Int.random(in: 0...31, using: &random))
      let weights = GuardedRow(mask, misalignment: Int.random(in: 0...31, using: &random))
      unsafe kernels.blend(target.base, source.base, mask: weights.base, count: width)
      #expect(target.values == ReferenceKernels.blend(under, over, mask: mask))
      #expect(target.isGuardIntact)
    }
  }

  @Test("Dimming is bit-exact at every width and alignment", arguments: allKernels)
  func dim(kernels: PixelKernels) {
    var random = SeededGenerator(seed: 3)
    for width in widths {
      let values = random.samples(width)
      let row = GuardedRow(values, misalignment: Int.random(in: 0...31, using: &random))
      unsafe kernels.dim(row.base, count: width)
      #expect(row.values == ReferenceKernels.dim(values))
      #expect(row.isGuardIntact)
    }
  }

  @Test("The best kernels of a processor with AVX2 are the AVX2 ones")
  func choice() {
    let sets = allKernels.map(\.instructionSet)
    #expect(PixelKernels.best.instructionSet == (sets.contains(.avx2) ? .avx2 : .portable))
  }
}
