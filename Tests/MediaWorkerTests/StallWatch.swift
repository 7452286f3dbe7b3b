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
    var processors: [UInt32: Processor] = [:]
  }

  private static let pause = MediaTime.milliseconds(5)
  private static let tolerance = MediaTime.milliseconds(25)

  private let state = Mutex(State())

  init() {
    let (numbers, now) = (0..<UInt32(max(1, sysconf(Int32(_SC_NPROCESSORS_CONF)))), MonotonicClock.now())
    // Also who does not even get to its thread stands still.
    state.withLock { state in
      for number in numbers { state.processors[number] = Processor(lastWake: now) }
    }
    for number in numbers { BlockingWork.run { self.watch(number) } }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  /// Whether a processor stood still at any time from `start` on, or still does.
  func hasStalled(since start: MediaTime) -> Bool {
    let now = MonotonicClock.now()
    return state.withLock { state in
      state.processors.values.contains { $0.lastStall >= start || now - $0.lastWake > Self.pause + Self.tolerance }
    }
  }

  /// Repeats what did not succeed while a processor stood still. Without that the first failure counts.
  static func succeeds(within rounds: Int, _ round: () async throws -> Bool) async throws -> Bool {
    let watch = StallWatch()
    defer { watch.stop() }
    for _ in 0..<rounds {
      let start = MonotonicClock.now()
      if try await round() { return true }
      guard watch.hasStalled(since: start) else { return false }
    }
    return false
  }

  private func watch(_ number: UInt32) {
    // Some may be closed to this process.
    guard mixd_bind_thread(number) == 0 else { return state.withLock { $0.processors[number] = nil } }
    var wake = MonotonicClock.now()
    var isStopped = false
    while !isStopped {
      let planned = wake + Self.pause
      MonotonicClock.sleep(until: planned)
      wake = MonotonicClock.now()
      isStopped = state.withLock { [wake] state in
        state.processors[number]?.lastWake = wake
        if wake - planned > Self.tolerance { state.processors[number]?.lastStall = wake }
        return state.isStopped
      }
    }
  }
}
