import Synchronization

/// A rate limit for each of many keys: so many at once, then so many a minute. Full ones are forgotten.
final class KeyedRate: Sendable {
  private struct Level {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  private let burst: Double
  private let perSecond: Double
  private let capacity: Int
  private let levels = Mutex<[String: Level]>([:])

  init(burst: Int, perMinute: Double, capacity: Int = 50_000) {
    self.burst = Double(burst)
    perSecond = perMinute / 60
    self.capacity = capacity
  }

  /// Takes one if there is one.
  func take(_ key: String, at now: ContinuousClock.Instant = .now) -> Bool {
    levels.withLock { levels in
      if levels.count >= capacity { levels = levels.filter { tokens($0.value, now) < burst } }
      guard levels[key] != nil || levels.count < capacity else { return false }
      let left = levels[key].map { tokens($0, now) } ?? burst
      levels[key] = Level(tokens: left >= 1 ? left - 1 : left, at: now)
      return left >= 1
    }
  }

  /// Seconds until there is one again; an hour at most, also where there will be none.
  func pause(for key: String, at now: ContinuousClock.Instant = .now) -> Double {
    levels.withLock { levels in
      let left = levels[key].map { tokens($0, now) } ?? burst
      return left >= 1 ? 0 : min(3600, (1 - left) / perSecond)
    }
  }

  /// Puts one back that was taken for nothing.
  func giveBack(_ key: String) {
    levels.withLock { $0[key]?.tokens += 1 }
  }

  private func tokens(_ level: Level, _ now: ContinuousClock.Instant) -> Double {
    min(burst, level.tokens + (now - level.at) / Duration.seconds(1) * perSecond)
  }
}
