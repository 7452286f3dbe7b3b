import Glibc

/// Loudness of one block in dB relative to full scale; a full-scale sine has a peak of 0 and an RMS of −3.01.
public struct AudioLevel: Sendable, Equatable {
  public var peak: Float
  public var rms: Float

  /// What digital silence is reported as.
  public static let floor: Float = -127
  public static let silence = AudioLevel(peak: floor, rms: floor)

  public init(peak: Float, rms: Float) {
    self.peak = peak
    self.rms = rms
  }

  init(_ strength: AudioStrength) {
    peak = Self.decibels(strength.peak)
    rms = Self.decibels(strength.meanSquare.squareRoot())
  }

  static func decibels(_ amplitude: Float) -> Float {
    amplitude > 4.5e-7 ? 20 * log10(amplitude) : floor
  }
}

/// Linear peak and mean square of some samples.
struct AudioStrength {
  var peak: Float = 0
  var meanSquare: Float = 0

  /// False for sound that a broken decoder filled with infinities or NaN.
  var isFinite: Bool { meanSquare.isFinite && peak.isFinite }
}
