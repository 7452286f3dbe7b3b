/// Turns the distance between where playout is and where it should be into a reading speed and, when that is too slow a
/// cure, into the wish for a skip or a repetition.
struct PlayoutPace: Sendable {
  /// Input samples per output sample, 0.995 … 1.005.
  private(set) var speed: Double = 1
  /// Samples by which playout is late, over about a sixth of a second.
  private(set) var lateness: Double = 0
  /// Ticks for which playout has been too late for the speed alone.
  private(set) var lateTicks = 0
  /// Likewise too early.
  private(set) var earlyTicks = 0

  private static let samplesPerMillisecond = 48.0
  /// Beyond this it would take the speed more than five seconds.
  private static let lateLimit = 22 * samplesPerMillisecond
  private static let earlyLimit = -12 * samplesPerMillisecond

  mutating func update(lateness now: Double) {
    lateness += (max(-96_000, min(96_000, now)) - lateness) / 16
    lateTicks = lateness > Self.lateLimit ? lateTicks + 1 : 0
    earlyTicks = lateness < Self.earlyLimit ? earlyTicks + 1 : 0
    speed += (Self.speed(for: lateness) - speed) * 0.1
    if abs(speed - 1) < 1e-6 { speed = 1 }
  }

  /// Playout was moved ahead by `samples` (back, if negative).
  mutating func moved(by samples: Int) {
    lateness -= Double(samples)
    lateTicks = 0
    earlyTicks = 0
  }

  mutating func reset() { self = PlayoutPace() }

  /// Nothing within a millisecond, the drift of clocks (up to 500 ppm) within five, half a percent from twenty on.
  private static func speed(for lateness: Double) -> Double {
    let milliseconds = abs(lateness) / samplesPerMillisecond
    let change: Double
    switch milliseconds {
    case ..<1: change = 0
    case ..<5: change = (milliseconds - 1) / 4 * 0.000_5
    case ..<20: change = 0.000_5 + (milliseconds - 5) / 15 * 0.004_5
    default: change = 0.005
    }
    return lateness < 0 ? 1 - change : 1 + change
  }
}
