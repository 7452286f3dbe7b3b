/// How long whoever was refused has to wait before he tries again: longer each time, until it is forgotten.
struct Refusals<Key: Hashable & Sendable>: Sendable, Equatable {
  private struct Entry: Equatable {
    var count = 0
    var pause = Instant.zero
    var forgotten = Instant.zero
  }

  /// Beyond it those that are forgotten next are forgotten at once.
  private let capacity: Int
  private var entries: [Key: Entry] = [:]
  private var pruning = 4096

  init(capacity: Int = .max) { self.capacity = capacity }

  /// Seconds until `key` may try again.
  func pause(for key: Key, at now: Instant) -> Double {
    entries[key].map { max(0, $0.pause.seconds(since: now)) } ?? 0
  }

  /// One more refusal; returns the seconds to wait, `nil` where none ever has to.
  /// - Parameters:
  ///   - pauses: seconds after the first refusal, the second and so on; the last of them for all further ones.
  ///   - memory: seconds after which it is forgotten.
  mutating func add(_ key: Key, pauses: [Double], memory: Double, at now: Instant) -> Double? {
    guard let last = pauses.last else { return nil }
    makeSpace(at: now)
    var entry = entries[key].flatMap { now < $0.forgotten ? $0 : nil } ?? Entry()
    let pause = pauses.dropFirst(entry.count).first ?? last
    entry.count += 1
    entry.pause = now.advanced(bySeconds: pause)
    entry.forgotten = now.advanced(bySeconds: max(pause, memory))
    entries[key] = entry
    return pause
  }

  /// Somebody wants him after all.
  mutating func forget(_ key: Key) { entries[key] = nil }

  private mutating func makeSpace(at now: Instant) {
    if entries.count >= min(pruning, capacity) {
      entries = entries.filter { now < $0.value.forgotten }
      pruning = max(4096, entries.count * 2)
    }
    if entries.count >= capacity, let next = entries.min(by: { $0.value.forgotten < $1.value.forgotten })?.key {
      entries[next] = nil
    }
  }
}
