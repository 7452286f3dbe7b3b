import CLinux
import Synchronization

/// What the async side and the thread of one client tell each other.
final class ClientControl: Sendable {
  enum Phase: Sendable, Equatable {
    case idle
    case starting
    case connected
    case ended(SyntheticClientError?)
  }

  struct State: Sendable {
    var phase = Phase.idle
    var offer: String?
    /// Taken by the thread.
    var answer: String?
    var isStopping = false
    /// Whether the peer is told at the end; a crashed client says nothing.
    var saysGoodbye = true
    var isVideoOn = true
    var isAudioOn = true
    /// Simulcast layers that are sent; `nil` for all.
    var activeLayers: Set<Int>?
    /// Of the rectangle a recorded video is to fill.
    var videoHeight: Int?
    fileprivate var waiters: [@Sendable (State) -> Bool] = []
  }

  /// Readable when the thread should look at the state.
  let wakeup = mixd_eventfd()
  private let state = Mutex(State())

  deinit { close(wakeup) }

  var current: State { state.withLock { $0 } }

  /// Changes the state, wakes the thread and whoever waits for what has now come true.
  func update<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
    let result = state.withLock { state in
      let result = change(&state)
      let snapshot = state
      state.waiters.removeAll { $0(snapshot) }
      return result
    }
    signal()
    return result
  }

  /// Waits until `select` gives a value.
  func value<Value: Sendable>(_ select: @escaping @Sendable (State) -> Value?) async -> Value {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if let value = select(state) {
          continuation.resume(returning: value)
        } else {
          state.waiters.append { state in
            guard let value = select(state) else { return false }
            continuation.resume(returning: value)
            return true
          }
        }
      }
    }
  }

  func clearWakeup() {
    var count: UInt64 = 0
    _ = unsafe read(wakeup, &count, MemoryLayout<UInt64>.size)
  }

  private func signal() {
    var one: UInt64 = 1
    _ = unsafe write(wakeup, &one, MemoryLayout<UInt64>.size)
  }
}
