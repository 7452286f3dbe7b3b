/// Watches whether packets get lost while the sender repeats each in its successor; playout then has to be late enough
/// for the successor.
struct RecoveryWatch: Sendable {
  private var lastMissing: Int64 = 0
  private var samplesSinceLoss = memory
  private var samplesSinceRepeat = memory
  private var packetSamples = 0

  /// Either matters for five seconds.
  private static let memory = 240_000

  mutating func note(missing: Int64, samples: Int) {
    samplesSinceLoss = missing > lastMissing ? 0 : min(samplesSinceLoss + samples, Self.memory)
    samplesSinceRepeat = min(samplesSinceRepeat + samples, Self.memory)
    lastMissing = missing
    packetSamples = samples
  }

  /// A lost packet was looked for in its successor.
  mutating func note(repeats: Bool) {
    if repeats { samplesSinceRepeat = 0 }
  }

  /// The delay below which the successor would come too late.
  var floor: MediaTime {
    guard samplesSinceLoss < Self.memory, samplesSinceRepeat < Self.memory else { return .zero }
    return MediaTime(count: Int64(packetSamples), rate: 48_000) + .milliseconds(20)
  }
}
