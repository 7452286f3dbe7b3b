import CLinux
import MixCore

/// `CLOCK_MONOTONIC`, the same clock that a worker on this machine goes by.
enum ClientClock {
  static func now() -> MediaTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MediaTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }
}
