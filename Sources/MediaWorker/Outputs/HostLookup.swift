import MixCore
import Outputs
import Synchronization

/// Looks hosts up on a thread of its own: a name server that does not answer holds up neither the output's end nor, for
/// longer than its deadline, its next attempt. One look-up at a time.
final class HostLookup: Sendable {
  private struct State {
    var isRunning = false
    var found: [[UInt8]]?
  }

  private let function: @Sendable (String) -> [[UInt8]]
  private let state = Mutex(State())
  private let wakeup = Wakeup()

  init(_ function: @escaping @Sendable (String) -> [[UInt8]]) { self.function = function }

  /// Blocks until the addresses are known, the deadline has passed, or the output is to end.
  func addresses(
    of host: String, until deadline: MediaTime, _ interrupt: InterruptFlag
  ) throws(OutputError) -> [[UInt8]] {
    begin(host)
    while true {
      if let found = state.withLock({ $0.found }) { return found }
      let now = MonotonicClock.now()
      if interrupt.isRaised { throw .stopped }
      if now >= deadline { throw .timedOut }
      wakeup.wait(until: min(deadline, now + .milliseconds(100)))
      wakeup.clear()
    }
  }

  /// What an earlier look-up has found too late is not used: it may be old.
  private func begin(_ host: String) {
    let isNew = state.withLock { state in
      defer { (state.isRunning, state.found) = (true, nil) }
      return !state.isRunning
    }
    guard isNew else { return }
    LoopThread.start("mix-lookup") { [self] in
      let found = function(host)
      state.withLock { $0 = State(isRunning: false, found: found) }
      wakeup.signal()
    }
  }
}
