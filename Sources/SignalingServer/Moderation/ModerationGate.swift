import Synchronization

/// Counts the questions under way: in all, by group and by user.
final class ModerationGate: Sendable {
  /// Whose question it is.
  struct Asker {
    /// A user has one question under way: what he sends meanwhile is refused, so that he cannot wear the others out.
    var user: String?
    /// The room, or the addresses of who is nobody yet.
    var group: String?
  }

  private struct State {
    var total = 0
    var users: Set<String> = []
    var groups: [String: Int] = [:]
  }

  private let limits: ModerationLimits
  private let state = Mutex(State())

  init(_ limits: ModerationLimits) { self.limits = limits }

  /// Takes a place, unless all are taken. Whoever gets one gives it back.
  func enter(_ asker: Asker) -> Bool {
    state.withLock { state in
      guard state.total < limits.concurrency else { return false }
      if let group = asker.group, state.groups[group, default: 0] >= limits.perRoom { return false }
      if let user = asker.user, !state.users.insert(user).inserted { return false }
      if let group = asker.group { state.groups[group, default: 0] += 1 }
      state.total += 1
      return true
    }
  }

  func leave(_ asker: Asker) {
    state.withLock { state in
      state.total -= 1
      if let user = asker.user { state.users.remove(user) }
      guard let group = asker.group else { return }
      let left = state.groups[group, default: 1] - 1
      state.groups[group] = left > 0 ? left : nil
    }
  }
}
