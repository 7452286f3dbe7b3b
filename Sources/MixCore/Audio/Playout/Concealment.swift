/// How long the present gap has been concealed, and how loud the concealment still may be.
struct Concealment: Sendable {
  /// Samples made up since the last real one.
  private(set) var length = 0
  /// Those of them during which the playout position stood still, because the missing packet might yet come.
  var held = 0
  /// The sender said that it pauses (discontinuous transmission).
  var isPause = false
  /// The decoder's comfort noise may still be played.
  var isComfort = false

  /// 80 ms at full level, then 120 ms down to nothing.
  private static let full = 3_840
  private static let end = 9_600
  /// Comfort noise stops after a second without any packet.
  private static let comfortEnd = 48_000

  var isOver: Bool { length >= Self.end }
  var isActive: Bool { length > 0 }
  var comfortIsOver: Bool { length >= Self.comfortEnd }

  /// The gain now.
  var gain: Float {
    length <= Self.full ? 1 : max(0, Float(Self.end - length) / Float(Self.end - Self.full))
  }

  mutating func grow(by samples: Int) { length += samples }

  mutating func reset() { self = Concealment() }
}

/// Watches whether packets get lost while the sender repeats each in its successor; playout then has to be late enough
/// for the successor.
struct RecoveryWatch: Sendable {
  private var lastMissing: Int64 = 0
  private var samplesSinceLoss = Int.max / 2
  private var packetSamples = 0
  private var isRepeating = false

  /// A loss matters for five seconds.
  private static let memory = 240_000

  mutating func note(missing: Int64, samples: Int) {
    samplesSinceLoss = missing > lastMissing ? 0 : min(samplesSinceLoss + samples, Self.memory)
    lastMissing = missing
    packetSamples = samples
  }

  /// A lost packet was looked for in its successor.
  mutating func note(repeats: Bool) { isRepeating = repeats }

  /// The delay below which the successor would come too late.
  var floor: MediaTime {
    guard isRepeating, samplesSinceLoss < Self.memory else { return .zero }
    return MediaTime(count: Int64(packetSamples), rate: 48_000) + .milliseconds(20)
  }
}
