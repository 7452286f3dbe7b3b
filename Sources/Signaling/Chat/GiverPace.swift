/// When a combo of somebody's is told: at once, in a busy room one a second. So a few who give this and that in turn take
/// no more of the room than as many who talk.
struct GiverPace: Sendable, Equatable {
  let interval: Double
  private var latest: [String: Instant] = [:]
  private var pruning = 256

  init(interval: Double) { self.interval = interval }

  /// When the next one of `user` may be told.
  func next(of user: String, isBusy: Bool, at now: Instant) -> Instant {
    guard isBusy, let last = latest[user] else { return now }
    return max(now, last.advanced(bySeconds: interval))
  }

  /// One of his will be told at this moment.
  mutating func note(_ user: String, _ moment: Instant, at now: Instant) {
    if latest.count >= pruning {
      latest = latest.filter { now.seconds(since: $0.value) < interval }
      pruning = max(256, latest.count * 2)
    }
    latest[user] = moment
  }
}
