import CLinux
public import MixCore

/// The clock of the live driver: `CLOCK_MONOTONIC`. Steps of the system clock do not touch it.
public enum MonotonicClock {
  public static func now() -> MediaTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MediaTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }
}

extension MonotonicClock {
  /// Blocks the calling thread.
  public static func sleep(until deadline: MediaTime) {
    let nanoseconds = max(0, deadline.nanoseconds)
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }
}

/// Work that blocks, on a thread of its own instead of the cooperative pool's.
public enum BlockingWork {
  public static func run(_ body: @escaping @Sendable () -> Void) {
    LoopThread.start("mix-blocking", body)
  }
}
