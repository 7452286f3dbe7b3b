import Synchronization

/// How many events sockets each address, or each user, has.
final class SocketCounter: Sendable {
  private let counts = Mutex<[String: Int]>([:])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Takes a place, unless all are taken. Whoever gets one gives it back.
  func enter(_ key: String) -> Bool {
    counts.withLock { counts in
      guard counts[key, default: 0] < limit else { return false }
      counts[key, default: 0] += 1
      return true
    }
  }

  func isFull(for key: String) -> Bool { counts.withLock { $0[key, default: 0] >= limit } }

  func leave(_ key: String) {
    counts.withLock { counts in
      let left = counts[key, default: 1] - 1
      counts[key] = left > 0 ? left : nil
    }
  }
}
