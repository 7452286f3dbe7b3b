import Synchronization

/// Messages from any thread to one loop, in order. The loop sleeps on `wakeup`.
final class Mailbox<Message: Sendable>: Sendable {
  /// Far above what a healthy loop ever leaves unread; beyond it messages are refused and counted.
  private static var capacity: Int { 16_384 }

  private struct State {
    var messages: [Message] = []
    var refused = 0
  }

  let wakeup = Wakeup()
  private let state = Mutex(State())

  /// - Parameter wake: `false` when the loop reads the message in time by its own ticks.
  @discardableResult
  func send(_ message: Message, wake: Bool = true) -> Bool {
    let accepted = state.withLock { state in
      guard state.messages.count < Self.capacity else {
        state.refused += 1
        return false
      }
      state.messages.append(message)
      return true
    }
    if accepted, wake { wakeup.signal() }
    return accepted
  }

  /// Takes everything; `spare` gives its memory for the next messages.
  func exchange(_ spare: inout [Message]) {
    spare.removeAll(keepingCapacity: true)
    state.withLock { state in
      let taken = state.messages
      state.messages = spare
      spare = taken
    }
  }
}
