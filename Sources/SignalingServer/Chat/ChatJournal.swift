import Logging
import Synchronization

/// Makes what the chats change durable, many changes with one sync of the disk: the first at once, what comes while a
/// commit is under way or was a moment ago together.
final class ChatJournal: Sendable {
  private struct Waiting {
    let changes: [ChatChange]
    let done: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var isWriting = false
    var lastCommit: ContinuousClock.Instant?
  }

  /// Between the beginnings of two commits.
  static let spacing = Duration.milliseconds(40)

  let store: any ChatStore
  private let logger: Logger
  private let state = Mutex(State())

  init(store: any ChatStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  /// Callers whose changes no commit has taken yet.
  var backlog: Int { state.withLock { $0.waiting.count } }

  /// Returns once the changes are durable. Those of one caller take effect in the order of his calls.
  nonisolated(nonsending) func write(_ changes: [ChatChange]) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      let isFirst = state.withLock { state in
        state.waiting.append(Waiting(changes: changes, done: done))
        defer { state.isWriting = true }
        return !state.isWriting
      }
      if isFirst { Task { await self.commitAll() } }
    }
  }

  private func commitAll() async {
    while true {
      await pause()
      let group = state.withLock { state in
        state.lastCommit = .now
        defer { state.waiting.removeAll() }
        return state.waiting
      }
      await commit(group)
      let isDone = state.withLock { state in
        state.isWriting = !state.waiting.isEmpty
        return !state.isWriting
      }
      if isDone { return }
    }
  }

  private func pause() async {
    guard let last = state.withLock({ $0.lastCommit }) else { return }
    try? await Task.sleep(until: last + Self.spacing, clock: .continuous)
  }

  /// One bad change must not take the others with it.
  private func commit(_ group: [Waiting]) async {
    do {
      try await store.write(group.flatMap(\.changes))
      for waiting in group { waiting.done.resume() }
    } catch {
      logger.error("Chats could not be stored together.", metadata: ["error": "\(error)"])
      for waiting in group { await commitAlone(waiting) }
    }
  }

  private func commitAlone(_ waiting: Waiting) async {
    do {
      try await store.write(waiting.changes)
      waiting.done.resume()
    } catch {
      waiting.done.resume(throwing: error)
    }
  }
}
