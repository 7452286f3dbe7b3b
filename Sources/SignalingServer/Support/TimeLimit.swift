import Synchronization

/// What `operation` returns or, when that takes longer than `limit`, `late`; it is then cancelled and not waited for.
func withTimeLimit<Value: Sendable>(
  _ limit: Duration, late: Value, _ operation: @escaping @Sendable () async -> Value
) async -> Value {
  await withCheckedContinuation { continuation in
    let race = Race(continuation)
    let work = Task { race.finish(await operation()) }
    let timer = Task {
      try await Task.sleep(for: limit)
      race.finish(late)
      work.cancel()
    }
    Task {
      await work.value
      timer.cancel()
    }
  }
}

/// Resumes a continuation once.
private final class Race<Value: Sendable>: Sendable {
  typealias Waiting = CheckedContinuation<Value, Never>
  private let waiting: Mutex<Waiting?>

  init(_ continuation: Waiting) { waiting = Mutex(continuation) }

  func finish(_ value: Value) {
    waiting.withLock { $0.take() }?.resume(returning: value)
  }
}
