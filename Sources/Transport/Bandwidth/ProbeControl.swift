import MixCore

/// When to probe, and for how much.
struct ProbeControl: Sendable {
  /// What the decision rests on.
  struct Situation {
    var estimate: Double
    /// More is of no use.
    var goal: Double
    /// Something waits for a higher estimate.
    var isWanted: Bool
    var isSteady: Bool
  }

  private static let first = [3.0, 6.0]
  private static let step = 2.0
  /// A result that comes so near to what was tried says that there is more.
  private static let success = 0.7
  private static let interval = MediaTime.seconds(5)
  private static let shortInterval = MediaTime.seconds(2)
  /// Results that come later belong to another time.
  private static let patience = MediaTime.seconds(1)

  private var waiting: [Double] = []
  private var hasStarted = false
  private var lastProbe = MediaTime.distantPast
  private var number: UInt8 = 0

  /// The first media goes out, or can be probed for.
  /// - Parameter estimate: `nil` where the end of the path was met already.
  mutating func start(estimate: Double?, now: MediaTime) {
    guard !hasStarted else { return }
    hasStarted = true
    if let estimate { waiting = Self.first.map { $0 * estimate } }
    lastProbe = now
  }

  /// What was known is no longer certain: look at once.
  mutating func restart(rates: [Double]) { waiting = rates }

  /// Nothing can be sent to probe with any more.
  mutating func cancel() { waiting.removeAll(keepingCapacity: true) }

  /// A cluster was measured.
  mutating func note(_ result: ProbeMeasurement.Result, goal: Double, now: MediaTime) {
    guard now - lastProbe <= Self.patience, waiting.isEmpty else { return }
    guard result.measured >= Self.success * result.probed, result.measured < goal else { return }
    waiting = [Self.step * result.measured]
  }

  /// The next cluster, when it is time for one.
  mutating func next(_ situation: Situation, now: MediaTime) -> ProbeCluster? {
    if waiting.isEmpty {
      let pause = situation.isWanted ? Self.shortInterval : Self.interval
      guard hasStarted, situation.isSteady, situation.estimate < situation.goal, now - lastProbe >= pause else {
        return nil
      }
      waiting = [Self.step * situation.estimate]
    }
    let rate = min(waiting.removeFirst(), BitrateLimits.range.upperBound)
    lastProbe = now
    number = number == .max ? 1 : number + 1
    return ProbeCluster(number: number, rate: rate, now: now)
  }

  /// A cluster waits only for the one before it.
  var isUrgent: Bool { !waiting.isEmpty }

  /// When `next` may answer something.
  var deadline: MediaTime { hasStarted ? lastProbe + Self.shortInterval : .distantFuture }
}
