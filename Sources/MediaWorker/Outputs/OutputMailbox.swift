import MixCore
import Outputs
import Synchronization

/// What the owner of an output and its thread tell each other.
final class OutputMailbox: Sendable {
  enum Next {
    case packet(EncodedPacket)
    /// Everything that was sent before the stop has been given out.
    case stop
  }

  private struct State {
    var queue: PacketQueue
    var stopDeadline: MediaTime?
    var isLive = false
    var hasEnded = false
    var failure: OutputError?
    var bytes = 0
    var droppedAfterEnd = 0
  }

  private let state: Mutex<State>
  private let wakeup = Wakeup()
  private let ended = Wakeup()

  init(_ queue: PacketQueue) { state = Mutex(State(queue: queue)) }

  // MARK: The owner's side

  func push(_ packet: EncodedPacket) {
    let isFirst = state.withLock { state -> Bool in
      guard !state.hasEnded, state.stopDeadline == nil else {
        state.droppedAfterEnd += 1
        return false
      }
      let wasEmpty = state.queue.isEmpty
      state.queue.push(packet)
      return wasEmpty && state.isLive
    }
    if isFirst { wakeup.signal() }
  }

  /// Whether the output was live.
  func requestStop(deadline: MediaTime) -> Bool {
    defer { wakeup.signal() }
    return state.withLock { state in
      state.stopDeadline = state.stopDeadline ?? deadline
      return state.isLive
    }
  }

  /// Returns why it has not ended well, if so.
  func waitUntilEnded(_ deadline: MediaTime) -> OutputError? {
    while !state.withLock({ $0.hasEnded }), MonotonicClock.now() < deadline { ended.wait(until: deadline) }
    return state.withLock { state -> OutputError? in state.hasEnded ? state.failure : .timedOut }
  }

  /// Something was left out, because too much waited.
  var hasOverflowed: Bool { state.withLock { $0.queue.hasOverflowed } }

  var counters: (bytes: Int, dropped: Int) {
    state.withLock { ($0.bytes, $0.queue.dropped + $0.droppedAfterEnd) }
  }

  // MARK: The thread's side

  /// When a running stop must be over; `nil` while nobody wants to stop.
  var stopDeadline: MediaTime? { state.withLock { $0.stopDeadline } }

  /// - Parameter fresh: what waits is too old for a connection that was just made.
  func becomeLive(fresh: Bool) {
    state.withLock { state in
      if fresh { state.queue.restart() }
      state.isLive = true
    }
  }

  func becomeOffline() { state.withLock { $0.isLive = false } }

  func count(bytes: Int) { state.withLock { $0.bytes = bytes } }

  func end(_ failure: OutputError?) {
    state.withLock { state in
      state.hasEnded = true
      state.failure = failure
      state.isLive = false
      state.queue.restart()
    }
    ended.signal()
  }

  /// The next packet as soon as there is one.
  func next() -> Next {
    while true {
      let next = state.withLock { state -> Next? in
        if let packet = state.queue.pop() { return .packet(packet) }
        return state.stopDeadline == nil ? nil : .stop
      }
      if let next { return next }
      wakeup.wait(until: .distantFuture)
      wakeup.clear()
    }
  }

  /// Returns at `time`, or before when a stop is wanted.
  func sleep(until time: MediaTime) {
    while stopDeadline == nil, MonotonicClock.now() < time {
      wakeup.wait(until: time)
      wakeup.clear()
    }
  }
}
