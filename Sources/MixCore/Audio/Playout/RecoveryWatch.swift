/// Watches how lost packets come back: in their successor, as a copy in a later packet or sent again. Playout then has to
/// be late enough for that.
struct RecoveryWatch: Sendable {
  private var lastMissing: Int64 = 0
  private var samplesSinceLoss = memory
  private var samplesSinceRepeat = memory
  private var packetSamples = 0
  /// The lateness of packets that filled a gap, and when they came; a ring.
  private var fills = [(lateness: MediaTime, arrival: MediaTime)](
    repeating: (.zero, .distantPast), count: RecoveryWatch.fillCount)
  private var nextFill = 0

  /// Any loss matters for so long.
  private static let memory = 168_000
  private static let fillMemory = MediaTime.milliseconds(3_500)
  private static let fillCount = 16
  /// Nobody waits longer for a lost packet.
  static let longestWait = MediaTime.milliseconds(250)
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
    guard lateness <= Self.longestWait else { return }
    fills[nextFill] = (lateness, arrival)
    nextFill = (nextFill + 1) % Self.fillCount
  }

  /// The delay below which what was lost would come back too late.
  func floor(at now: MediaTime) -> MediaTime {
    max(repeatFloor, fillFloor(at: now))
  }

  private var repeatFloor: MediaTime {
    guard samplesSinceLoss < Self.memory, samplesSinceRepeat < Self.memory else { return .zero }
    return MediaTime(count: Int64(packetSamples), rate: 48_000) + .milliseconds(20)
  }

  /// All but the latest eighth of the recent fills, one at least: a single packet may have been overtaken by chance, or
  /// lost twice.
  private func fillFloor(at now: MediaTime) -> MediaTime {
    var recent = 0
    for fill in fills where now - fill.arrival < Self.fillMemory { recent += 1 }
    guard recent > 1 else { return .zero }
    var spared = max(1, recent / 8)
    var bound = MediaTime.distantFuture
    while true {
      var highest = MediaTime.zero
      var times = 0
      for fill in fills where now - fill.arrival < Self.fillMemory && fill.lateness < bound {
        if fill.lateness > highest { (highest, times) = (fill.lateness, 0) }
        if fill.lateness == highest { times += 1 }
      }
      guard times <= spared, times > 0 else { return highest + Self.margin }
      spared -= times
      bound = highest
    }
  }
}
