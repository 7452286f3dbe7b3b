/// The one audio format inside the mixer: 48 kHz, stereo, interleaved Float in −1 … 1, ten milliseconds at a time.
public enum AudioFormat {
  public static let sampleRate = 48_000
  public static let channels = 2
  /// Samples per channel in one tick.
  public static let tickFrames = 480
  /// Values (both channels) in one tick.
  public static let tickValues = tickFrames * channels
  public static let tick = MediaTime.milliseconds(10)
}

/// Ten milliseconds of sound: `AudioFormat.tickValues` interleaved values.
public struct AudioBlock: Sendable {
  public var values: [Float]

  public init() { values = [Float](repeating: 0, count: AudioFormat.tickValues) }

  public mutating func silence() {
    for index in values.indices { values[index] = 0 }
  }
}
