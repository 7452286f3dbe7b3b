import Glibc
import MixCore

/// Something like a voice: a train of pulses with a moving pitch through three formants that change with each syllable,
/// hissing consonants between them, and a pause after each phrase. Encoders take it for speech.
struct SyntheticSpeech {
  private struct Resonator {
    private var (first, second) = (0.0, 0.0)

    mutating func filter(_ input: Double, frequency: Double, width: Double) -> Double {
      let radius = exp(-Double.pi * width / 48_000)
      let angle = 2 * Double.pi * frequency / 48_000
      let output = input + 2 * radius * cos(angle) * first - radius * radius * second
      (second, first) = (first, output)
      return output
    }
  }

  private static let vowels: [[Double]] = [
    [730, 1_090, 2_440], [270, 2_290, 3_010], [300, 870, 2_240], [530, 1_840, 2_480], [570, 840, 2_410],
  ]
  private static let syllable = 0.22
  private static let phrase = 11

  private var random = SeededRandom(77)
  private var resonators = [Resonator](repeating: Resonator(), count: 3)
  private var hiss = Resonator()
  private var phase = 0.0
  private var frame = 0

  /// Samples of one channel, peaks near 0.4.
  mutating func samples(seconds: Double) -> [Float] {
    (0..<Int(seconds * 48_000)).map { _ in next() }
  }

  private mutating func next() -> Float {
    let time = Double(frame) / 48_000
    frame += 1
    let number = Int(time / Self.syllable)
    guard number % Self.phrase < Self.phrase - 2 else { return 0 }
    let place = time / Self.syllable - Double(number)
    if place < 0.25 {
      let noise = Double.random(in: -1...1, using: &random) * sin(Double.pi * place / 0.25)
      return Float(hiss.filter(noise, frequency: 5_000, width: 1_500) * 0.01)
    }
    let pitch = 120 + 25 * sin(time * 3.1) + 10 * sin(time * 11)
    phase += pitch / 48_000
    var pulse = 0.0
    if phase >= 1 {
      phase -= 1
      pulse = 1
    }
    let vowel = Self.vowels[number * 7 % Self.vowels.count]
    let envelope = sin(Double.pi * (place - 0.25) / 0.75)
    var output = 0.0
    for index in 0..<3 {
      output +=
        resonators[index].filter(pulse, frequency: vowel[index], width: 70 + 40 * Double(index))
        / Double(1 << index)
    }
    return Float(output * envelope * 0.12)
  }
}
