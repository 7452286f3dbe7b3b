import MixCore
import Testing

@Suite("Audio mixer")
struct AudioMixerTests {
  private static let latencyFrames = Int(AudioMixer.latency.count(rate: 48_000))

  /// Mixes `ticks` ticks; `script` adds the inputs of each.
  private func mix(_ ticks: Int, _ script: (Int, inout AudioMixer) -> Void) -> [Float] {
    var mixer = AudioMixer()
    var block = AudioBlock()
    var samples: [Float] = []
    for tick in 0..<ticks {
      mixer.begin()
      script(tick, &mixer)
      mixer.finish(into: &block)
      for frame in 0..<480 { samples.append(block.values[2 * frame]) }
    }
    return samples
  }

  @Test("Below −1 dBFS the mix is bit-identical to its input, later by the stated latency")
  func transparent() {
    var tone = ToneGenerator(frequency: 997, amplitude: 0.88)
    var block = AudioBlock()
    var input: [Float] = []
    let output = mix(50) { _, mixer in
      tone.fill(&block)
      for frame in 0..<480 { input.append(block.values[2 * frame]) }
      mixer.add(block, slot: 3, gain: 1)
    }
    #expect(Self.latencyFrames == 240)
    // After the 20 ms of fade-in.
    #expect(output[(2_000 + Self.latencyFrames)...].elementsEqual(input[2_000..<(input.count - Self.latencyFrames)]))
  }

  @Test("Sixteen inputs at full scale never exceed full scale, and never clip flat")
  func limited() {
    var tones = (0..<16).map { ToneGenerator(frequency: 200 + 37 * Double($0), amplitude: 1) }
    var block = AudioBlock()
    let output = mix(100) { tick, mixer in
      for slot in 0..<16 where tick >= slot * 3 {
        tones[slot].fill(&block)
        mixer.add(block, slot: slot, gain: 1)
      }
    }
    #expect(output.allSatisfy { abs($0) <= 1 })
    #expect(output.filter { abs($0) == 1 }.isEmpty)
    #expect(Spectrum.rms(output[24_000...]) > -20)
  }

  @Test("Random bursts stay below full scale", arguments: [1, 2, 3])
  func randomBursts(seed: UInt64) {
    var random = SeededRandom(seed)
    var block = AudioBlock()
    let output = mix(200) { _, mixer in
      for slot in 0..<4 where random.chance(0.5) {
        let level = Float.random(in: 0...3, using: &random)
        for index in block.values.indices { block.values[index] = Float.random(in: -level...level, using: &random) }
        mixer.add(block, slot: slot, gain: Float.random(in: 0...4, using: &random))
      }
    }
    #expect(output.allSatisfy { abs($0) <= 1 })
  }

  @Test("After a peak the limiter comes back to the exact input")
  func recovers() {
    var tone = ToneGenerator(frequency: 500, amplitude: 0.5)
    var block = AudioBlock()
    var input: [Float] = []
    let output = mix(300) { tick, mixer in
      tone.fill(&block)
      if tick == 20 { for index in block.values.indices { block.values[index] *= 4 } }
      for frame in 0..<480 { input.append(block.values[2 * frame]) }
      mixer.add(block, slot: 0, gain: 1)
    }
    let from = 200 * 480
    #expect(output[(from + Self.latencyFrames)...].elementsEqual(input[from..<(input.count - Self.latencyFrames)]))
    #expect((output.max() ?? 2) < 1)
  }

  @Test("Joining, leaving, muting and gain changes never click")
  func clicks() {
    let amplitude: Float = 0.4
    var tone = ToneGenerator(frequency: 300, amplitude: amplitude)
    var other = ToneGenerator(frequency: 210, amplitude: amplitude)
    var block = AudioBlock()
    let gains: [Float] = [1, 0, 0.3, 1.2, 0, 1]
    let output = mix(120) { tick, mixer in
      tone.fill(&block)
      if tick % 40 > 7 { mixer.add(block, slot: 0, gain: gains[tick / 13 % gains.count]) }
      other.fill(&block)
      if tick % 30 < 17 { mixer.add(block, slot: 1, gain: 1) }
    }
    // The steepest slope of both sines, plus what the ramps may add.
    let slope = 2 * Float.pi * amplitude * (300 * 1.2 + 210) / 48_000
    #expect(Spectrum.largestStep(output[...]) < slope * 1.3)
    #expect(Spectrum.largestStep(output[...]) > slope * 0.5)
  }

  @Test("A slot that leaves is silent, and free, after 20 ms")
  func leaves() {
    var tone = ToneGenerator(frequency: 300)
    var block = AudioBlock()
    var free: [Bool] = []
    let output = mix(20) { tick, mixer in
      free.append(mixer.isFree(slot: 0))
      tone.fill(&block)
      if tick < 10 { mixer.add(block, slot: 0, gain: 1) }
    }
    #expect(Spectrum.rms(output[(10 * 480)..<(11 * 480)]) > -30)
    #expect(output[(12 * 480 + Self.latencyFrames)...].allSatisfy { $0 == 0 })
    #expect(free[5] == false && free[11] == false && free[12] == true)
  }

  @Test("Two inputs of the same sound crossing over keep their power")
  func equalPower() {
    var first = ToneGenerator(frequency: 1_000)
    var second = ToneGenerator(frequency: 1_130)
    var block = AudioBlock()
    let output = mix(40) { tick, mixer in
      first.fill(&block)
      mixer.add(block, slot: 0, gain: tick < 20 ? 1 : 0)
      second.fill(&block)
      mixer.add(block, slot: 1, gain: tick < 20 ? 0 : 1)
    }
    let during = Spectrum.rms(output[(20 * 480 + 240)..<(22 * 480 + 240)])
    #expect(abs(during - Spectrum.rms(output[(10 * 480)..<(18 * 480)])) < 1.5)
  }

  @Test("Levels are those of each input and of the mix")
  func levels() {
    var mixer = AudioMixer()
    var tone = ToneGenerator(frequency: 1_000, amplitude: 0.5)
    var block = AudioBlock()
    var mixed = AudioBlock()
    for _ in 0..<10 {
      mixer.begin()
      tone.fill(&block)
      mixer.add(block, slot: 2, gain: 0.5)
      mixer.finish(into: &mixed)
    }
    #expect(abs(mixer.level(slot: 2).peak + 12.04) < 0.1)
    #expect(abs(mixer.level(slot: 2).rms + 15.05) < 0.1)
    #expect(abs(mixer.busLevel.rms + 15.05) < 0.1)
    #expect(mixer.level(slot: 0) == .silence)
    #expect(mixer.level(slot: 99) == .silence)
  }

  @Test("Infinities, NaN, wrong slots and wrong sizes leave the mix alone")
  func nonsense() {
    var mixer = AudioMixer()
    var tone = ToneGenerator(frequency: 1_000, amplitude: 0.5)
    var good = AudioBlock()
    var bad = AudioBlock()
    var short = AudioBlock()
    short.values.removeLast(10)
    var mixed = AudioBlock()
    for tick in 0..<20 {
      bad.values[7] = tick % 2 == 0 ? .nan : .infinity
      mixer.begin()
      tone.fill(&good)
      mixer.add(good, slot: 0, gain: 1)
      mixer.add(bad, slot: 1, gain: 1)
      mixer.add(short, slot: 2, gain: 1)
      mixer.add(good, slot: 16, gain: 1)
      mixer.add(good, slot: -1, gain: 1)
      mixer.add(good, slot: 3, gain: .nan)
      mixer.finish(into: &mixed)
    }
    #expect(mixer.damagedBlocks == 20)
    #expect(abs(mixer.busLevel.rms + 9.03) < 0.1)
  }
}
