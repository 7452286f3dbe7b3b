import MixCore

/// Limits of every estimate, in bits per second.
enum BitrateLimits {
  static let start = 900_000.0
  static let range = 30_000.0...20_000_000.0

  static func clamp(_ bitrate: Double) -> Double {
    bitrate.isNaN ? range.lowerBound : min(max(bitrate, range.lowerBound), range.upperBound)
  }
}

/// Additive increase, multiplicative decrease: the rate that keeps the queues on the way empty
/// (draft-ietf-rmcat-gcc-02 §5.5).
struct RateControl: Sendable {
  private enum Phase: Sendable {
    case hold
    case increase
  }

  private static let backOff = 0.85
  /// Per second, while the end of the path is not in sight.
  private static let growth = 1.08
  /// What is not used cannot be known: never further above what gets through.
  private static let headroom = 1.5
  private static let packetBits = 1200.0 * 8
  private static let burstShare = 0.7
  private static let series = MediaTime.seconds(1)
  private static let pauses = MediaTime.milliseconds(10)...MediaTime.milliseconds(200)

  private(set) var bitrate: Double
  private var phase = Phase.hold
  private var capacity = LinkCapacity()
  private var lastChange: MediaTime?
  private var lastDecrease: MediaTime?

  init(start: Double) { bitrate = start }

  /// - Parameters:
  ///   - acknowledged: what got through lately.
  ///   - isLosing: much of what was sent did not.
  mutating func update(
    _ trend: DelayTrend.State, acknowledged: Double?, isLosing: Bool = false, roundTrip: MediaTime, now: MediaTime
  ) {
    switch trend {
    case .growing:
      if mayDecrease(acknowledged: acknowledged, roundTrip: roundTrip, now: now) {
        decrease(acknowledged: acknowledged, isLosing: isLosing, now: now)
      }
      phase = .hold
    case .shrinking: phase = .hold
    case .steady:
      if phase == .increase { increase(acknowledged: acknowledged, roundTrip: roundTrip, now: now) }
      phase = .increase
    }
    lastChange = now
  }

  /// A measurement that is better than growing step by step.
  mutating func set(_ measured: Double, now: MediaTime) {
    bitrate = BitrateLimits.clamp(measured)
    capacity.forgetIfPassed(by: measured)
    lastChange = now
  }

  /// The estimate was too high for another reason than delay.
  mutating func bound(to bitrate: Double) { self.bitrate = min(self.bitrate, BitrateLimits.clamp(bitrate)) }

  private func mayDecrease(acknowledged: Double?, roundTrip: MediaTime, now: MediaTime) -> Bool {
    guard let lastDecrease else { return true }
    let pause = min(max(roundTrip, Self.pauses.lowerBound), Self.pauses.upperBound)
    return now - lastDecrease >= pause || (acknowledged.map { $0 < bitrate / 2 } ?? false)
  }

  private mutating func decrease(acknowledged: Double?, isLosing: Bool, now: MediaTime) {
    let isFirst = lastDecrease.map { now - $0 > Self.series } ?? true
    lastDecrease = now
    // What gets through of a flow that comes in bursts, as pictures do, says little of the path at first.
    let isBurst = isFirst && !isLosing && acknowledged ?? 0 < bitrate * Self.burstShare
    guard let acknowledged, !isBurst else {
      bitrate = BitrateLimits.clamp(bitrate * Self.backOff)
      return
    }
    var target = acknowledged * Self.backOff
    if target > bitrate, let known = capacity.mean { target = known * Self.backOff }
    capacity.forgetIfPassed(by: acknowledged)
    if target < bitrate { capacity.note(acknowledged) }
    bitrate = BitrateLimits.clamp(min(bitrate, target))
  }

  private mutating func increase(acknowledged: Double?, roundTrip: MediaTime, now: MediaTime) {
    guard let lastChange else { return }
    if let acknowledged { capacity.forgetIfPassed(by: acknowledged) }
    let passed = min(max((now - lastChange).seconds, 0), 1)
    var grown = bitrate
    if capacity.isNear(bitrate) {
      let response = (roundTrip + .milliseconds(100)).seconds
      grown += max(Self.packetBits / response, 4000) * passed
    } else {
      grown += max(bitrate * (Self.growth - 1), 1000) * passed
    }
    if let acknowledged { grown = min(grown, max(acknowledged * Self.headroom + 10_000, bitrate)) }
    bitrate = BitrateLimits.clamp(grown)
  }
}

/// What got through whenever the path was full: a running mean and how far it strays.
private struct LinkCapacity: Sendable {
  private(set) var mean: Double?
  /// Relative to the mean; within bounds that keep `isNear` between about ±10 % and ±25 % at 300 kb/s.
  private var variance = 0.0
  private static let variances = 400.0...2500.0

  private static let weight = 0.05
  private static let deviations = 3.0

  private var spread: Double { Self.deviations * (variance * (mean ?? 0)).squareRoot() }

  func isNear(_ bitrate: Double) -> Bool { mean.map { abs(bitrate - $0) <= spread } ?? false }

  mutating func forgetIfPassed(by bitrate: Double) {
    if let mean, bitrate > mean + spread { self = LinkCapacity() }
  }

  mutating func note(_ bitrate: Double) {
    guard let old = mean, bitrate > old - spread else {
      mean = bitrate
      variance = Self.variances.lowerBound
      return
    }
    let updated = old + Self.weight * (bitrate - old)
    let error = (updated - bitrate) * (updated - bitrate) / max(updated, 1)
    mean = updated
    let blended = (1 - Self.weight) * variance + Self.weight * error
    variance = min(max(blended, Self.variances.lowerBound), Self.variances.upperBound)
  }
}
