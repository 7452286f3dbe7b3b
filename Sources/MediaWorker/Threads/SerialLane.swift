import Synchronization

/// Jobs of one owner, run on the pool one after the other and never two at once.
final class SerialLane: Sendable {
  private struct State {
    var jobs: [WorkPool.Job] = []
    var isRunning = false
  }

  private let pool: WorkPool
  private let state = Mutex(State())

  init(pool: WorkPool) { self.pool = pool }

  /// Jobs that wait behind the running one.
  var depth: Int { state.withLock { $0.jobs.count } }

  func submit(_ job: @escaping WorkPool.Job) {
    let start = state.withLock { state in
      state.jobs.append(job)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if start { pool.submit { self.runNext() } }
  }

  private func runNext() {
    guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else { return }
    job()
    let more = state.withLock { state in
      state.isRunning = !state.jobs.isEmpty
      return state.isRunning
    }
    if more { pool.submit { self.runNext() } }
  }
}
