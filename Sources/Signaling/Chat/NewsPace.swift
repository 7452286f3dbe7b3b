/// When news that are gathered may be told: the first at once, the next after a while.
struct NewsPace: Sendable, Equatable {
  let interval: Double
  /// When there is something to tell.
  private(set) var due: Instant?
  private var earliest: Instant?
  private var waiting: Instant?

  init(interval: Double) { self.interval = interval }

  /// There are news.
  mutating func ask(at now: Instant) {
    if due != nil { return }
    due = max(earliest ?? now, now)
    waiting = due
  }

  /// Whether they may be told now. Without space they are put off for a second, up to `patience` seconds.
  mutating func take(at now: Instant, hasSpace: Bool, patience: Double) -> Bool {
    guard let due, due <= now else { return false }
    if !hasSpace, now.seconds(since: waiting ?? now) < patience {
      self.due = now.advanced(bySeconds: 1)
      return false
    }
    self.due = nil
    earliest = now.advanced(bySeconds: interval)
    return true
  }
}
