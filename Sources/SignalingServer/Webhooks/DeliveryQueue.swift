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
    /// Says only how its room is now: a newer one says it better.
    var isUpdate = false
  }

  /// What gives way to a new event.
  enum Displaced: Sendable, Equatable {
    /// Never tried, and a newer one says what it said.
    case outdated(Item)
    /// Too many wait.
    case dropped(Item)
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

    var firstWaiting: Int { isBusy ? 1 : 0 }
    var waiting: ArraySlice<Item> { items.dropFirst(firstWaiting) }

    /// Returns the event that is outdated now. How long the lane has to pause stays as it is.
    mutating func add(_ item: Item) -> Item? {
      let old = item.isUpdate ? waiting.lastIndex { $0.isUpdate && $0.attempts == 0 } : nil
      let outdated = old.map { items.remove(at: $0) }
      if items.isEmpty { (failures, due) = (max(failures, item.attempts), max(due, item.due)) }
      items.append(item)
      return outdated
    }
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

  /// Queues an event behind those of its lane.
  mutating func add(_ item: Item) -> Displaced? {
    if let outdated = lanes[item.lane, default: Lane()].add(item) { return .outdated(outdated) }
    count += 1
    return count > capacity ? dropOne().map(Displaced.dropped) : nil
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

  /// The oldest event of the lane where most wait: who makes many events takes no place from the others.
  private mutating func dropOne() -> Item? {
    let candidates = lanes.values.compactMap { lane in lane.waiting.first.map { (lane.waiting.count, $0) } }
    let chosen = candidates.max { ($0.0, $1.1.sequence) < ($1.0, $0.1.sequence) }
    guard let item = chosen?.1, let index = lanes[item.lane]?.firstWaiting else { return nil }
    lanes[item.lane]?.items.remove(at: index)
    if lanes[item.lane]?.items.isEmpty == true { lanes[item.lane] = nil }
    count -= 1
    return item
  }
}
