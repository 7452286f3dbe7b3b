import Glibc

/// How strong one frequency is in a sound (Goertzel's algorithm).
public enum ToneDetector {
  /// Amplitude of a sine of `hertz` in `samples`, which are at 48 kHz; 1 for full scale, 0 for too few samples.
  public static func amplitude(of hertz: Double, in samples: [Float]) -> Double {
    guard samples.count >= 2 else { return 0 }
    let factor = 2 * cos(2 * Double.pi * hertz / 48_000)
    var (last, beforeLast) = (0.0, 0.0)
    var weights = 0.0
    for (index, sample) in samples.enumerated() {
      // A Hann window keeps neighbouring frequencies out.
      let weight = 0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(samples.count - 1))
      weights += weight
      let value = Double(sample) * weight + factor * last - beforeLast
      (beforeLast, last) = (last, value)
    }
    let power = last * last + beforeLast * beforeLast - factor * last * beforeLast
    return weights == 0 ? 0 : 2 * max(0, power).squareRoot() / weights
  }
}
