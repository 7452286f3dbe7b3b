import MixCore
import Synchronization
import Testing

@testable import MediaWorker

@Suite("The work pool")
struct WorkPoolTests {
  /// What jobs have done.
  final class Tally: Sendable {
    let done = Atomic(0)
    let running = Atomic(0)
    let most = Atomic(0)
  }

  private func settles(_ tally: Tally, at count: Int) async throws -> Bool {
    for _ in 0..<1_000 {
      if tally.done.load(ordering: .acquiring) == count { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  @Test("Every job of many threads is done, also those that come while all threads fall asleep")
  func nothingIsLost() async throws {
    let pool = WorkPool(threads: 3)
    let tally = Tally()
    let (senders, rounds, each) = (3, 200, 5)
    for sender in 0..<senders {
      LoopThread.start("test-sender") {
        for round in 0..<rounds {
          for _ in 0..<each { pool.submit { tally.done.add(1, ordering: .acquiringAndReleasing) } }
          // Long enough for the pool to have nothing to do, each time a little longer.
          let pause = MonotonicClock.now() + .microseconds(Int64(20 + (round + sender) % 60))
          while MonotonicClock.now() < pause {}
        }
      }
    }
    let isDone = try await settles(tally, at: senders * rounds * each)
    #expect(isDone)
  }

  @Test("As many jobs run at once as there are threads")
  func parallel() async throws {
    let pool = WorkPool(threads: 2)
    let tally = Tally()
    for _ in 0..<2 {
      pool.submit {
        let running = tally.running.add(1, ordering: .acquiringAndReleasing).newValue
        let end = MonotonicClock.now() + .seconds(2)
        while tally.running.load(ordering: .acquiring) < 2, MonotonicClock.now() < end {}
        tally.most.max(max(running, tally.running.load(ordering: .acquiring)), ordering: .acquiringAndReleasing)
        tally.done.add(1, ordering: .acquiringAndReleasing)
      }
    }
    let isDone = try await settles(tally, at: 2)
    #expect(isDone)
    #expect(tally.most.load(ordering: .acquiring) == 2)
  }
}
