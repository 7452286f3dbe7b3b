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
  }

  private let state = Mutex(State())
  private let available = Condition()

  /// - Parameter threads: `nil` makes one per core, but never fewer than two.
  public init(threads: Int? = nil) {
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    for number in 0..<(threads ?? max(2, cores)) {
      LoopThread.start("mix-work-\(number)") { while true { self.next()() } }
    }
  }

  func submit(_ job: @escaping Job) {
    state.withLock { $0.jobs.append(job) }
    available.signal()
  }

  private func next() -> Job {
    while true {
      available.wait()
      let job = state.withLock { state -> Job? in
        guard state.head < state.jobs.count else { return nil }
        let job = state.jobs[state.head]
        state.head += 1
        // Also while there is always something to do: jobs that are done must not be kept.
        if state.head == state.jobs.count || state.head >= 256 {
          state.jobs.removeFirst(state.head)
          state.head = 0
        }
        return job
      }
      if let job { return job }
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
