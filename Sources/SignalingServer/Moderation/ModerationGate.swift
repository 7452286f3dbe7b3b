import Synchronization

/// Counts the questions under way, in all and by room.
final class ModerationGate: Sendable {
  private struct State {
    var total = 0
    var rooms: [String: Int] = [:]
  }

  private let limits: ModerationLimits
  private let state = Mutex(State())

  init(_ limits: ModerationLimits) { self.limits = limits }

  /// Takes a place, unless all are taken. Whoever gets one gives it back.
  func enter(_ room: String) -> Bool {
    state.withLock { state in
      guard state.total < limits.concurrency, state.rooms[room, default: 0] < limits.perRoom else { return false }
      state.total += 1
      state.rooms[room, default: 0] += 1
      return true
    }
  }

  func leave(_ room: String) {
    state.withLock { state in
      state.total -= 1
      let left = state.rooms[room, default: 1] - 1
      state.rooms[room] = left > 0 ? left : nil
    }
  }
}
