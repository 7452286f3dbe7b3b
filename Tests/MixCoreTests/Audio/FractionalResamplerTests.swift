import Testing

@testable import MixCore

@Suite("Reading at another speed")
struct FractionalResamplerTests {
  /// Reads half a second of a sine at `speed`.
  private func read(_ frequency: Double, speed: Double) -> (samples: [Float], consumed: Int) {
    var queue = SampleQueue()
    var resampler = FractionalResampler()
    var tone = ToneGenerator(frequency: frequency, amplitude: 0.5)
    var block = AudioBlock()
    var samples: [Float] = []
    var consumed = 0
    for _ in 0..<60 {
      while queue.count < resampler.framesNeeded(for: speed) {
        tone.fill(&block)
        queue.append(block.values, frames: 480)
      }
      consumed += resampler.read(&queue, speed: speed, into: &block.values)
      for frame in 0..<480 { samples.append(block.values[2 * frame]) }
    }
    return (samples, consumed)
  }

  @Test("Speed one is a copy")
  func copies() {
    var tone = ToneGenerator(frequency: 1_000, amplitude: 0.5)
    var block = AudioBlock()
    tone.fill(&block)
    let result = read(1_000, speed: 1)
    #expect(result.consumed == 60 * 480)
    #expect((0..<480).allSatisfy { result.samples[$0] == block.values[2 * $0] })
  }

  @Test("The pitch follows the speed, and nothing else appears", arguments: [0.995, 0.9998, 1.0002, 1.005])
  func pitch(speed: Double) {
    for frequency in [200.0, 3_000, 12_000] {
      let result = read(frequency, speed: speed)
      let steady = result.samples[4_800..<24_000]
      let level = Spectrum.power(of: frequency * speed, in: steady)
      #expect(abs(level + 6.02) < 0.5, "\(frequency) Hz at \(speed)")
      // Away from the tone only the interpolator's images could be.
      for other in [0.5, 0.83, 1.31, 1.7] where frequency * other < 22_000 {
        #expect(Spectrum.power(of: frequency * other, in: steady) < -80, "\(frequency * other) Hz beside \(frequency)")
      }
      #expect(abs(Double(result.consumed) - 60 * 480 * speed) < 4)
    }
  }

  @Test("A piece left out or repeated at a whole period cannot be seen")
  func cuts() {
    var queue = SampleQueue()
    var tone = ToneGenerator(frequency: 100, amplitude: 0.5)
    var block = AudioBlock()
    for _ in 0..<10 {
      tone.fill(&block)
      queue.append(block.values, frames: 480)
    }
    queue.consume(1_000)
    let longer = queue.mostSimilar(in: 300...700, length: 480)
    #expect(longer.distance == 480)
    queue.skip(480, fade: 240)
    #expect(queue.count == 4_800 - 1_480)
    let back = queue.mostSimilar(in: -700...(-300), length: 240)
    #expect(back.distance == -480)
    queue.repeatLast(480, fade: 240)
    #expect(queue.count == 4_800 - 1_000)
    var output = [Float](repeating: 0, count: 2 * queue.count)
    queue.copy(to: &output, frames: queue.count)
    let left = stride(from: 0, to: output.count, by: 2).map { output[$0] }
    #expect(Spectrum.largestStep(left[...]) < 0.006_7)
  }
}
