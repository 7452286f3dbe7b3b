import CLinux
import Glibc
import MediaWorker
import MixCore
import Synchronization

/// Notes when a processor of this machine stands still for the whole process: a thread bound to each wakes every 5 ms.
/// Runs until `stop`.
final class StallWatch: Sendable {
  private struct Processor {
    var lastWake: MediaTime
    var lastStall = MediaTime.distantPast
  }

  private struct State {
    var isStopped = false
    var processors: [Processor] = []
  }

  private static let pause = MediaTime.milliseconds(5)
  private static let tolerance = MediaTime.milliseconds(25)

  private let state = Mutex(State())

  init() {
    for number in 0..<UInt32(max(1, sysconf(Int32(_SC_NPROCESSORS_CONF)))) {
      BlockingWork.run { self.watch(number) }
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  /// Whether a processor stood still at any time from `start` on, or still does.
  func hasStalled(since start: MediaTime) -> Bool {
    let now = MonotonicClock.now()
    return state.withLock { state in
      state.processors.contains { $0.lastStall >= start || now - $0.lastWake > Self.pause + Self.tolerance }
    }
  }

  private func watch(_ number: UInt32) {
    // Some may be closed to this process.
    guard mixd_bind_thread(number) == 0 else { return }
    var wake = MonotonicClock.now()
    let place = state.withLock { state in
      state.processors.append(Processor(lastWake: wake))
      return state.processors.count - 1
    }
    var isStopped = false
    while !isStopped {
      let planned = wake + Self.pause
      MonotonicClock.sleep(until: planned)
      wake = MonotonicClock.now()
      isStopped = state.withLock { [wake] state in
        state.processors[place].lastWake = wake
        if wake - planned > Self.tolerance { state.processors[place].lastStall = wake }
        return state.isStopped
      }
    }
  }
}
