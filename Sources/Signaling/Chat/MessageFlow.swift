/// How many messages a room got in the last second, for a limit that holds in any second.
struct MessageFlow: Sendable, Equatable {
  /// The latest of them, a ring; `next` is the oldest.
  private var times: [Instant] = []
  private var next = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Whether fewer than `share` (by default the limit) came in the second before `now`.
  func hasSpace(_ share: Int? = nil, at now: Instant) -> Bool {
    let share = min(share ?? limit, limit)
    guard share > 0 else { return false }
    guard times.count >= share else { return true }
    let index = (next + times.count - share) % times.count
    return now.seconds(since: times[index]) >= 1
  }

  /// From when on there is space.
  var free: Instant { times.count < limit ? .zero : times[next].advanced(bySeconds: 1) }

  mutating func record(at now: Instant) {
    if times.count < limit {
      times.append(now)
    } else {
      times[next] = now
      next = (next + 1) % limit
    }
  }
}
