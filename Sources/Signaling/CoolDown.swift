/// Until when each user has to wait before he may do something again.
struct CoolDowns: Sendable, Equatable {
  private(set) var deadlines: [String: Instant] = [:]
  /// Enough for every application that can be made within one cool-down; beyond it the next to end are forgotten.
  private let capacity = 4096

  /// Extends the wait of `user`; never shortens it.
  mutating func begin(for user: String, until deadline: Instant, at now: Instant) {
    if deadlines.count >= capacity { deadlines = deadlines.filter { $0.value > now } }
    if deadlines.count >= capacity, let next = deadlines.min(by: { $0.value < $1.value })?.key { deadlines[next] = nil }
    deadlines[user] = max(deadlines[user] ?? deadline, deadline)
  }

  /// Seconds that `user` still has to wait.
  func pause(for user: String, at now: Instant) -> Double {
    deadlines[user].map { max(0, $0.seconds(since: now)) } ?? 0
  }

  func isActive(for user: String, at now: Instant) -> Bool { pause(for: user, at: now) > 0 }

  func active(at now: Instant) -> [String: Instant] { deadlines.filter { $0.value > now } }
}
