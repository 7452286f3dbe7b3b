import CLinux
import Glibc
import Synchronization

/// A fixed set of threads for decoding, composing and encoding, which live as long as the process. Work is handed over
/// once per frame.
public final class WorkPool: Sendable {
  typealias Job = @Sendable () -> Void

  private struct State {
    var jobs: [Job] = []
    var head = 0
    /// Threads that have nothing to do.
    var idle: [Int] = []

    /// The idle thread with the lowest number: what one thread does is nearer to the memory of the last job, so a pool with
    /// little to do uses few of them.
    mutating func wakeOne() -> Int? {
      guard let place = idle.indices.min(by: { idle[$0] < idle[$1] }) else { return nil }
      idle.swapAt(place, idle.endIndex - 1)
      return idle.removeLast()
    }

    mutating func take() -> Job? {
      guard head < jobs.count else { return nil }
      defer {
        head += 1
        // Also while there is always something to do: jobs that are done must not be kept.
        if head == jobs.count || head >= 256 {
          jobs.removeFirst(head)
          head = 0
        }
      }
      return jobs[head]
    }
  }

  private let state = Mutex(State())
  /// One per thread, each counting how often it was woken.
  private let wakeups: [Condition]

  /// - Parameter threads: `nil` makes one per core, but never fewer than two.
  public init(threads: Int? = nil) {
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    wakeups = (0..<(threads ?? max(2, cores))).map { _ in Condition() }
    for number in wakeups.indices {
      LoopThread.start("mix-work-\(number)") { while true { self.next(by: number)() } }
    }
  }

  func submit(_ job: @escaping Job) {
    let woken = state.withLock { state in
      state.jobs.append(job)
      return state.wakeOne()
    }
    if let woken { wakeups[woken].signal() }
  }

  private func next(by number: Int) -> Job {
    while true {
      let job = state.withLock { state -> Job? in
        let job = state.take()
        if job == nil { state.idle.append(number) }
        return job
      }
      if let job { return job }
      wakeups[number].wait()
    }
  }
}

/// A counting semaphore of the operating system.
@safe final class Condition: @unchecked Sendable {
  // @unchecked: a POSIX semaphore is made for use from many threads; its memory lives as long as this object.
  @unsafe private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func signal() { unsafe sem_post(semaphore) }

  func wait() {
    while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
  }
}
