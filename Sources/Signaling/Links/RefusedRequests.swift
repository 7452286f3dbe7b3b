/// How long a room has to wait before it asks another one again that did not want to.
///
/// Of each direction by itself: who has refused may ask himself.
struct RefusedRequests: Sendable {
  private struct Pair: Hashable {
    let asker: String
    let asked: String
  }

  private let limits: LinkLimits
  private var refusals = Refusals<Pair>()

  init(limits: LinkLimits) { self.limits = limits }

  func mustWait(_ asker: String, for asked: String, at now: Instant) -> Bool {
    pause(of: asker, for: asked, at: now) > 0
  }

  /// Seconds until `asker` may ask `asked` again.
  func pause(of asker: String, for asked: String, at now: Instant) -> Double {
    refusals.pause(for: Pair(asker: asker, asked: asked), at: now)
  }

  /// A request came to nothing.
  mutating func add(by asker: String, to asked: String, at now: Instant) {
    _ = refusals.add(
      Pair(asker: asker, asked: asked), pauses: limits.refusalPauses, memory: limits.refusalMemory, at: now)
  }

  /// Both have agreed.
  mutating func forget(_ one: String, _ other: String) {
    refusals.forget(Pair(asker: one, asked: other))
    refusals.forget(Pair(asker: other, asked: one))
  }
}
