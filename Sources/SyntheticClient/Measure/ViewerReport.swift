public import MixCore
public import Transport

/// What a viewer has received so far. Times are on `CLOCK_MONOTONIC`.
public struct ViewerReport: Sendable {
  /// Frames or packets of one track as they arrived.
  public struct Track: Sendable {
    public var count = 0
    public var bytes = 0
    public var firstArrival: MediaTime?
    public var lastArrival: MediaTime?
    /// The longest time between two arrivals.
    public var longestGap = MediaTime.zero
    /// The longest distance of two neighbours' RTP times.
    public var longestTimestampStep = MediaTime.zero
    /// Neighbours whose RTP time did not grow.
    public var timestampReversals = 0
    /// The newest arrivals, oldest first.
    public var arrivals = RecentValues<MediaTime>(capacity: 2_048)
  }

  /// One picture whose number could be read.
  public struct MarkedFrame: Sendable {
    public var number: Int
    public var arrival: MediaTime
  }

  public var videoCodec: VideoCodec?
  public var video = Track()
  public var audio = Track()
  public var keyFrames = 0

  public var framesDecoded = 0
  public var decodeFailures = 0
  /// The newest decoded picture.
  public var picture: VideoFrame?
  /// The newest pictures whose `FrameMark` could be read, oldest first.
  public var markedFrames = RecentValues<MarkedFrame>(capacity: 2_048)

  /// Decoded samples per channel.
  public var samplesDecoded = 0
  /// The last second of sound: interleaved stereo at 48 kHz, oldest first.
  public var sound = RecentValues<Float>(capacity: AudioFormat.sampleRate * AudioFormat.channels)

  /// One per `FlashWatch` of the configuration.
  public var sightings: [FlashSightings] = []

  /// `nil` until the first report of the session.
  public var session: SessionStatistics?

  /// A playout may go half a percent faster for a while: over a second that turns the phase by several periods, over
  /// this many samples by less than one.
  private static let toneBlock = AudioFormat.sampleRate / 10

  /// Mean strength of a sine of `hertz` in the tenths of the last second of sound, 1 for full scale; see `ToneDetector`.
  /// While there is not yet one tenth, in what there is.
  public func toneAmplitude(hertz: Double) -> Double {
    let samples = sound.ordered
    let left = stride(from: 0, to: samples.count, by: AudioFormat.channels).map { samples[$0] }
    guard left.count > Self.toneBlock else { return ToneDetector.amplitude(of: hertz, in: left) }
    let amplitudes = stride(from: left.count, through: Self.toneBlock, by: -Self.toneBlock).map { end in
      ToneDetector.amplitude(of: hertz, in: Array(left[(end - Self.toneBlock)..<end]))
    }
    return amplitudes.reduce(0, +) / Double(amplitudes.count)
  }
}

/// The newest values of a series, in a fixed amount of memory.
public struct RecentValues<Value: Sendable>: Sendable {
  public let capacity: Int
  private var values: [Value] = []
  private var oldest = 0

  public init(capacity: Int) { self.capacity = max(1, capacity) }

  public var count: Int { values.count }
  public var last: Value? {
    values.isEmpty ? nil : values[(oldest + values.count - 1) % values.count]
  }

  /// Oldest first.
  public var ordered: [Value] { Array(values[oldest...] + values[..<oldest]) }

  mutating func append(_ value: Value) {
    if values.count < capacity {
      values.append(value)
    } else {
      values[oldest] = value
      oldest = (oldest + 1) % capacity
    }
  }
}
