import MixCore

/// Tells from the changes of delay whether a queue on the way is growing: the slope of a line through the last smoothed
/// delays, against a threshold that follows how restless the path is (draft-ietf-rmcat-gcc-02 §5.3–5.4, with a fitted
/// line in place of the Kalman filter).
struct DelayTrend: Sendable {
  enum State: Sendable, Equatable {
    case steady
    /// More is sent than gets through.
    case growing
    /// A queue empties.
    case shrinking
  }

  private static let window = 20
  private static let smoothing = 0.9
  /// Milliseconds a slope is worth: as many groups as count, times a gain.
  private static let greatestCount = 60
  private static let gain = 4.0
  /// Growth must last so long to be believed.
  private static let leastGrowth = 10.0
  private static let thresholds = 6.0...600.0
  private static let rise = 0.0087
  private static let fall = 0.039
  /// One spike further out than this does not move the threshold.
  private static let outlier = 15.0

  private(set) var state = State.steady
  private var groups = 0
  private var accumulated = 0.0
  private var smoothed = 0.0
  /// Arrival and smoothed delay in milliseconds, a ring.
  private var times = [Double](repeating: 0, count: DelayTrend.window)
  private var delays = [Double](repeating: 0, count: DelayTrend.window)
  private var origin: MediaTime?
  private var lastTrend = 0.0
  private var growth: Double?
  private var growthCount = 0
  private var threshold = 12.5
  private var lastArrival: MediaTime?

  mutating func note(_ delta: PacketGroups.Delta) {
    let start = origin ?? delta.arrival
    origin = start
    accumulated += (delta.arrived - delta.sent).milliseconds
    smoothed = Self.smoothing * smoothed + (1 - Self.smoothing) * accumulated
    times[groups % Self.window] = (delta.arrival - start).milliseconds
    delays[groups % Self.window] = smoothed
    groups &+= 1
    guard groups >= Self.window, let slope = fittedSlope() else { return }
    judge(Double(min(groups, Self.greatestCount)) * slope * Self.gain, spacing: delta.sent.milliseconds)
    adapt(at: delta.arrival)
  }

  /// Forgets the line but not how restless the path is.
  mutating func restart() {
    let known = threshold
    self = DelayTrend()
    threshold = known
  }

  /// By least squares; milliseconds of delay per millisecond of time.
  private func fittedSlope() -> Double? {
    let count = Double(Self.window)
    let meanTime = times.reduce(0, +) / count
    let meanDelay = delays.reduce(0, +) / count
    var product = 0.0
    var square = 0.0
    for index in 0..<Self.window {
      let time = times[index] - meanTime
      product += time * (delays[index] - meanDelay)
      square += time * time
    }
    return square > 0 ? product / square : nil
  }

  private mutating func judge(_ trend: Double, spacing: Double) {
    defer { lastTrend = trend }
    if trend > threshold {
      growth = growth.map { $0 + spacing } ?? spacing / 2
      growthCount &+= 1
      if let growth, growth > Self.leastGrowth, growthCount > 1, trend >= lastTrend {
        self.growth = 0
        growthCount = 0
        state = .growing
      }
      return
    }
    growth = nil
    growthCount = 0
    state = trend < -threshold ? .shrinking : .steady
  }

  private mutating func adapt(at arrival: MediaTime) {
    defer { lastArrival = arrival }
    let distance = abs(lastTrend) - threshold
    guard let lastArrival, distance <= Self.outlier else { return }
    let passed = min(max((arrival - lastArrival).milliseconds, 0), 100)
    threshold += (distance < 0 ? Self.fall : Self.rise) * distance * passed
    threshold = min(max(threshold, Self.thresholds.lowerBound), Self.thresholds.upperBound)
  }
}
