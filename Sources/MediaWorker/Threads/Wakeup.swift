import CLinux
import MixCore

/// An eventfd: any thread may signal, one loop waits on it beside its sockets.
final class Wakeup: Sendable {
  let descriptor: Int32

  init() { descriptor = mixd_eventfd() }
  deinit { close(descriptor) }

  func signal() {
    var one: UInt64 = 1
    _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  func clear() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
  }

  /// What ended a wait; nothing at its deadline.
  struct Cause {
    var isSignalled: Bool
    var isSocketReadable: Bool
  }

  /// Waits until this or `socket` is readable, or until `deadline`. A signal stays until it is cleared.
  @discardableResult
  func wait(until deadline: MediaTime, or socket: Int32? = nil) -> Cause {
    var descriptors = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: socket ?? -1, events: Int16(POLLIN), revents: 0)
    )
    let distance = max(0, min((deadline - MonotonicClock.now()).nanoseconds, 1_000_000_000))
    var timeout = timespec(tv_sec: Int(distance / 1_000_000_000), tv_nsec: Int(distance % 1_000_000_000))
    unsafe withUnsafeMutablePointer(to: &descriptors) { pair in
      unsafe pair.withMemoryRebound(to: pollfd.self, capacity: 2) { list in
        _ = unsafe mixd_ppoll(list, 2, &timeout)
      }
    }
    return Cause(isSignalled: descriptors.0.revents != 0, isSocketReadable: descriptors.1.revents != 0)
  }
}
