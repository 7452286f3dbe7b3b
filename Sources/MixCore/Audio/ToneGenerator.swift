import Glibc

/// A sine of constant frequency without a step from block to block.
public struct ToneGenerator: Sendable {
  public var frequency: Double
  /// Linear, 1 is full scale.
  public var amplitude: Float
  /// In turns, 0 ..< 1.
  private var phase: Double = 0

  public init(frequency: Double, amplitude: Float = 0.25) {
    self.frequency = frequency
    self.amplitude = amplitude
  }

  /// Writes the next ten milliseconds to both channels.
  public mutating func fill(_ block: inout AudioBlock) {
    let step = frequency / Double(AudioFormat.sampleRate)
    for frame in 0..<AudioFormat.tickFrames {
      let value = amplitude * Float(sin(2 * Double.pi * phase))
      block.values[2 * frame] = value
      block.values[2 * frame + 1] = value
      phase += step
      phase -= phase.rounded(.down)
    }
  }
}
