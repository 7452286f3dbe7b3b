/// Watches how lost packets come back: in their successor, as a copy in a later packet or sent again. Playout then has to
/// be late enough for that.
struct RecoveryWatch: Sendable {
  private var lastMissing: Int64 = 0
  private var samplesSinceLoss = memory
  private var samplesSinceRepeat = memory
  private var packetSamples = 0
  private var fills = GapFills()

  /// Any loss matters for so long.
  private static let memory = 168_000
  /// Nobody waits longer for a lost packet.
  private static let longestWait = MediaTime.milliseconds(250)
  /// Ten milliseconds must be whole when they are played; five more for the errors of the control.
  private static let margin = MediaTime.milliseconds(15)

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

  /// A missing packet came after its successors.
  mutating func note(fillLate lateness: MediaTime, arrival: MediaTime) {
    if lateness <= Self.longestWait { fills.note(lateness, arrival: arrival) }
  }

  /// The delay below which what was lost would come back too late.
  func floor(at now: MediaTime) -> MediaTime {
    let wait = fills.wait(at: now)
    return max(repeatFloor, wait > .zero ? wait + Self.margin : .zero)
  }

  private var repeatFloor: MediaTime {
    guard samplesSinceLoss < Self.memory, samplesSinceRepeat < Self.memory else { return .zero }
    return MediaTime(count: Int64(packetSamples), rate: 48_000) + .milliseconds(20)
  }
}
