/// How long a room has to wait before it asks another one again that did not want to.
///
/// Of each direction by itself: who has refused may ask himself.
struct RefusedRequests: Sendable {
  private struct Pair: Hashable {
    let asker: String
    let asked: String
  }

  private struct Entry {
    var count = 0
    var pause = Instant.zero
    var forgotten = Instant.zero
  }

  private let limits: LinkLimits
  private var entries: [Pair: Entry] = [:]
  private var pruning = 4096

  init(limits: LinkLimits) { self.limits = limits }

  func mustWait(_ asker: String, for asked: String, at now: Instant) -> Bool {
    pause(of: asker, for: asked, at: now) > 0
  }

  /// Seconds until `asker` may ask `asked` again.
  func pause(of asker: String, for asked: String, at now: Instant) -> Double {
    entries[Pair(asker: asker, asked: asked)].map { max(0, $0.pause.seconds(since: now)) } ?? 0
  }

  /// A request came to nothing.
  mutating func add(by asker: String, to asked: String, at now: Instant) {
    guard let last = limits.refusalPauses.last else { return }
    prune(at: now)
    let pair = Pair(asker: asker, asked: asked)
    var entry = entries[pair].flatMap { now < $0.forgotten ? $0 : nil } ?? Entry()
    let pause = limits.refusalPauses.dropFirst(entry.count).first ?? last
    entry.count += 1
    entry.pause = now.advanced(bySeconds: pause)
    entry.forgotten = now.advanced(bySeconds: max(pause, limits.refusalMemory))
    entries[pair] = entry
  }

  /// Both have agreed.
  mutating func forget(_ one: String, _ other: String) {
    entries[Pair(asker: one, asked: other)] = nil
    entries[Pair(asker: other, asked: one)] = nil
  }

  private mutating func prune(at now: Instant) {
    guard entries.count >= pruning else { return }
    entries = entries.filter { now < $0.value.forgotten }
    pruning = max(4096, entries.count * 2)
  }
}
