import Glibc

/// Measuring what is in a sound.
enum Spectrum {
  /// Power of one frequency in dB relative to a full-scale sine, Hann-windowed.
  static func power(of frequency: Double, in samples: ArraySlice<Float>, rate: Double = 48_000) -> Double {
    let step = 2 * Double.pi * frequency / rate
    let coefficient = 2 * cos(step)
    var (last, older) = (0.0, 0.0)
    let count = Double(samples.count)
    for (index, sample) in samples.enumerated() {
      let window = 0.5 - 0.5 * cos(2 * Double.pi * (Double(index) + 0.5) / count)
      (last, older) = (Double(sample) * window + coefficient * last - older, last)
    }
    let power = last * last + older * older - coefficient * last * older
    return 10 * log10(max(power / (count * count / 16), 1e-14))
  }

  static func rms(_ samples: ArraySlice<Float>) -> Double {
    let sum = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    return 10 * log10(max(sum / Double(max(samples.count, 1)), 1e-14))
  }

  /// Longest run of samples below −70 dBFS.
  static func longestSilence(_ samples: ArraySlice<Float>) -> Int {
    var (longest, run) = (0, 0)
    for sample in samples {
      run = abs(sample) < 0.000_3 ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  static func largestStep(_ samples: ArraySlice<Float>) -> Float {
    zip(samples, samples.dropFirst()).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

/// Repeatable randomness (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}
