import Synchronization

/// What a loop can be told.
protocol LoopMessage: Sendable {
  /// Carries media or belongs to one frame: a newer one makes up for its loss.
  var isMedia: Bool { get }

  /// Memory that it keeps, where that is much.
  var bytes: Int { get }

  /// Answers, if an answer is awaited, that nobody will do it any more.
  func refuse()
}

extension LoopMessage {
  var bytes: Int { 0 }
}

/// Messages from any thread to one loop, in order. The loop sleeps on `wakeup`.
final class Mailbox<Message: LoopMessage>: Sendable {
  /// Far above what a healthy loop ever leaves unread; beyond it media is thrown away. Commands and changes of state are
  /// few, and must not be lost.
  private static var capacity: Int { 16_384 }
  /// Of pictures, of all sources together: 48 of 1280 × 720, and as many again that the loop is handling. A loop that stands
  /// still must not cost the others their memory.
  private static var maximumBytes: Int { 64 << 20 }

  private struct State {
    var messages: [Message] = []
    var bytes = 0
    /// Media that was thrown away.
    var discarded = 0
    var isClosed = false
    /// The loop is awake, or about to be, and reads what has come since.
    var isSignalled = false

    mutating func accept(_ message: Message) -> Bool {
      guard !isClosed else { return false }
      if message.isMedia, messages.count >= Mailbox.capacity || bytes + message.bytes > Mailbox.maximumBytes {
        discarded += 1
        return false
      }
      messages.append(message)
      bytes += message.bytes
      return true
    }
  }

  let wakeup = Wakeup()
  private let state = Mutex(State())

  /// - Parameter wake: `false` when the loop reads the message in time by its own ticks.
  func send(_ message: Message, wake: Bool = true) {
    let isClosed = state.withLock { state in
      if state.accept(message), wake, !state.isSignalled {
        state.isSignalled = true
        // Not behind the lock: until it is done everybody else relies on it.
        wakeup.signal()
      }
      return state.isClosed
    }
    if isClosed { message.refuse() }
  }

  /// Takes everything; `spare` gives its memory for the next messages. The loop must have cleared `wakeup` before, not
  /// after: a signal it clears stands for messages that it then finds here.
  func exchange(_ spare: inout [Message]) {
    spare.removeAll(keepingCapacity: true)
    state.withLock { state in
      let taken = state.messages
      state.messages = spare
      state.bytes = 0
      state.isSignalled = false
      spare = taken
    }
  }

  /// How much media was thrown away because the loop did not read it.
  var discarded: Int { state.withLock { $0.discarded } }

  /// The loop ends: refuses what it has not read and whatever comes later.
  func close() {
    let unread = state.withLock { state in
      state.isClosed = true
      defer { state.messages = [] }
      return state.messages
    }
    for message in unread { message.refuse() }
  }
}
