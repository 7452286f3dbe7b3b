/// The events of one webhook that wait for their turn.
///
/// Events of one lane (a room) go out one after the other and in order; lanes do not wait for each other. The value has
/// neither clock nor randomness: times are milliseconds since 1970, `jitter` is 0 … 1.
struct DeliveryQueue: Sendable {
  struct Item: Sendable, Equatable {
    /// Grows with every delivery; names it here and in the store.
    let sequence: Int64
    let lane: String
    let createdAt: Int64
    /// Failed tries so far.
    var attempts = 0
    var due: Int64 = 0
  }

  enum Outcome: Sendable, Equatable {
    case taken, refused
    /// Not to be sent again.
    case hopeless
  }

  enum Verdict: Sendable, Equatable {
    case delivered
    case retry(at: Int64)
    case givenUp
  }

  private struct Lane {
    var items: [Item] = []
    var isBusy = false
    /// Failures in a row, of however many events: the next event does not begin anew with short pauses.
    var failures = 0
    var due: Int64 = 0
  }

  let schedule: RetrySchedule
  let capacity: Int
  private var lanes: [String: Lane] = [:]
  private(set) var count = 0
  private(set) var busy = 0

  init(schedule: RetrySchedule = RetrySchedule(), capacity: Int = 10_000) {
    self.schedule = schedule
    self.capacity = capacity
  }

  /// Queues an event behind those of its lane; returns the oldest one that is not under way if there are too many.
  mutating func add(_ item: Item) -> Item? {
    var lane = lanes[item.lane] ?? Lane()
    if lane.items.isEmpty { (lane.failures, lane.due) = (max(lane.failures, item.attempts), max(lane.due, item.due)) }
    lane.items.append(item)
    lanes[item.lane] = lane
    count += 1
    return count > capacity ? dropOldest() : nil
  }

  /// Takes the events whose turn it is, those that wait longest first, at most so many that `limit` are under way.
  mutating func begin(at now: Int64, limit: Int) -> [Item] {
    guard busy < limit else { return [] }
    let ready = lanes.values.filter { !$0.isBusy && $0.due <= now }.compactMap(\.items.first)
    let chosen = ready.sorted { $0.sequence < $1.sequence }.prefix(limit - busy)
    for item in chosen { lanes[item.lane]?.isBusy = true }
    busy += chosen.count
    return Array(chosen)
  }

  /// An event that was begun was taken by its receiver, or was not.
  mutating func finish(_ item: Item, _ outcome: Outcome, at now: Int64, jitter: Double) -> Verdict {
    guard var lane = lanes[item.lane], lane.isBusy, lane.items.first?.sequence == item.sequence else { return .givenUp }
    lane.isBusy = false
    busy -= 1
    let verdict = judge(&lane, outcome, at: now, jitter: jitter)
    if case .retry = verdict {
      lane.items[0].attempts += 1
    } else {
      lane.items.removeFirst()
      count -= 1
    }
    lanes[item.lane] = lane.items.isEmpty ? nil : lane
    return verdict
  }

  private func judge(_ lane: inout Lane, _ outcome: Outcome, at now: Int64, jitter: Double) -> Verdict {
    guard outcome == .refused else {
      (lane.failures, lane.due) = (0, 0)
      return outcome == .taken ? .delivered : .givenUp
    }
    lane.failures += 1
    lane.due = now + schedule.pause(afterFailures: lane.failures, jitter: jitter)
    return lane.due > lane.items[0].createdAt + schedule.life ? .givenUp : .retry(at: lane.due)
  }

  /// When an event becomes due; `nil` if none waits for a time.
  var nextDue: Int64? { lanes.values.lazy.filter { !$0.isBusy }.map(\.due).min() }

  private mutating func dropOldest() -> Item? {
    let heads = lanes.values.compactMap { $0.isBusy ? $0.items.dropFirst().first : $0.items.first }
    guard let oldest = heads.min(by: { $0.sequence < $1.sequence }), var lane = lanes[oldest.lane] else { return nil }
    lane.items.removeAll { $0.sequence == oldest.sequence }
    lanes[oldest.lane] = lane.items.isEmpty ? nil : lane
    count -= 1
    return oldest
  }
}
