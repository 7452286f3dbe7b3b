/// Turns the distance between where playout is and where it should be into a reading speed and, when that is too slow a
/// cure, into the wish to leave out or repeat a piece.
struct PlayoutPace: Sendable {
  /// Input samples per output sample, 0.995 … 1.005.
  private(set) var speed: Double = 1
  /// Samples by which playout is late, over about a tenth of a second.
  private(set) var lateness: Double = 0
  /// Ticks for which playout has been too late for the speed alone, and too early.
  private(set) var lateTicks = 0
  private(set) var earlyTicks = 0
  /// Ticks since the last piece was left out or repeated.
  private var ticksSinceMove = 0
  /// Small differences are let be until they have grown, then worked off wholly: most of the time nothing is resampled.
  private var isCorrecting = false

  private static let samplesPerMillisecond = 48.0
  /// Beyond this it would take the speed more than two seconds.
  private static let limit = 12 * samplesPerMillisecond
  /// Too much delay for a moment is no reason to touch the sound.
  private static let patience = 12

  var isLate: Bool { lateTicks > Self.patience }
  var isEarly: Bool { earlyTicks > 0 }

  /// Pieces come at distances that the ear takes for the speaker's own pace, closer where much is to be made good: about
  /// 10 ms in 80, 50 or 30.
  var mayMove: Bool { ticksSinceMove >= spacing }

  private var spacing: Int {
    switch abs(lateness) / Self.samplesPerMillisecond {
    case ..<40: 8
    case ..<100: 5
    default: 3
    }
  }

  /// How alike two places must be to be joined: less and less, the longer there were none.
  var demandedLikeness: Float { max(0.2, 0.9 - 0.02 * Float(max(0, ticksSinceMove - spacing))) }

  mutating func update(lateness now: Double) {
    lateness += (max(-96_000, min(96_000, now)) - lateness) / 10
    lateTicks = lateness > Self.limit ? lateTicks + 1 : 0
    earlyTicks = lateness < -Self.limit ? earlyTicks + 1 : 0
    ticksSinceMove += 1
    let distance = abs(lateness) / Self.samplesPerMillisecond
    isCorrecting = distance > (isCorrecting ? 0.5 : 4)
    speed += ((isCorrecting ? Self.speed(for: lateness) : 1) - speed) * 0.1
    if abs(speed - 1) < 1e-6 { speed = 1 }
  }

  /// Playout was moved ahead by `samples` (back, if negative).
  mutating func moved(by samples: Int) {
    lateness -= Double(samples)
    ticksSinceMove = 0
  }

  mutating func reset() { self = PlayoutPace() }

  /// Two thousandths, which is more than clocks drift, up to five milliseconds and half a percent from twelve on.
  private static func speed(for lateness: Double) -> Double {
    let milliseconds = abs(lateness) / samplesPerMillisecond
    let change = 0.002 + 0.003 * max(0, min(1, (milliseconds - 5) / 7))
    return lateness < 0 ? 1 - change : 1 + change
  }
}
