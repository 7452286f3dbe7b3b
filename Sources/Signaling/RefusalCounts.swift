/// How often each applicant was refused lately: the more often, the longer he waits.
struct RefusalCounts: Sendable, Equatable {
  private struct Entry: Equatable {
    let count: Int
    let forgotten: Instant
  }

  private var entries: [String: Entry] = [:]
  private let capacity = 4096

  /// One more refusal of `user`; returns how many he had before.
  mutating func add(_ user: String, keeping seconds: Double, at now: Instant) -> Int {
    if entries.count >= capacity { entries = entries.filter { now < $0.value.forgotten } }
    if entries.count >= capacity, let next = entries.min(by: { $0.value.forgotten < $1.value.forgotten })?.key {
      entries[next] = nil
    }
    let before = entries[user].map { now < $0.forgotten ? $0.count : 0 } ?? 0
    entries[user] = Entry(count: before + 1, forgotten: now.advanced(bySeconds: seconds))
    return before
  }

  /// Somebody wants him after all.
  mutating func forget(_ user: String) { entries[user] = nil }
}
