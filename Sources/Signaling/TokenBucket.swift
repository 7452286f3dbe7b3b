/// A rate limit: `burst` at once, then one every `interval` seconds.
struct TokenBucket: Sendable, Equatable {
  let burst: Int
  let interval: Double
  /// When the bucket will be full again; never further away than `burst` intervals.
  private var full: Instant?

  init(burst: Int, interval: Double) {
    self.burst = burst
    self.interval = interval
  }

  /// Takes one token if there is one.
  mutating func take(at now: Instant) -> Bool {
    let start = max(full ?? now, now)
    guard start.seconds(since: now) <= interval * Double(burst - 1) + 1e-6 else { return false }
    full = start.advanced(bySeconds: interval)
    return true
  }

  /// Seconds until there is a token.
  func pause(at now: Instant) -> Double {
    full.map { max(0, $0.seconds(since: now) - interval * Double(burst - 1)) } ?? 0
  }

  func isFull(at now: Instant) -> Bool { full.map { $0 <= now } ?? true }
}

/// One bucket per user, forgotten when full.
struct TokenBuckets: Sendable, Equatable {
  let burst: Int
  let interval: Double
  private var buckets: [String: TokenBucket] = [:]
  private var pruning = 4096

  init(burst: Int, interval: Double) {
    self.burst = burst
    self.interval = interval
  }

  mutating func take(for user: String, at now: Instant) -> Bool {
    if buckets.count >= pruning {
      buckets = buckets.filter { !$0.value.isFull(at: now) }
      pruning = max(4096, buckets.count * 2)
    }
    return buckets[user, default: TokenBucket(burst: burst, interval: interval)].take(at: now)
  }

  func pause(for user: String, at now: Instant) -> Double { buckets[user]?.pause(at: now) ?? 0 }
}
