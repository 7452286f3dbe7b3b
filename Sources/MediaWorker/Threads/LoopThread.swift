import CLinux

/// One named operating-system thread; media loops block, so they never run on the cooperative pool.
enum LoopThread {
  /// Starts a detached thread; it ends when `body` returns.
  /// - Parameter name: at most 15 bytes are kept (a limit of Linux).
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let argument = unsafe Unmanaged.passRetained(ThreadStart(name: String(name.prefix(15)), body: body)).toOpaque()
    var thread = pthread_t()
    if unsafe pthread_create(&thread, nil, runThread, argument) == 0 {
      pthread_detach(thread)
    } else {
      unsafe Unmanaged<ThreadStart>.fromOpaque(argument).release()
    }
  }
}

private final class ThreadStart: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  unsafe start.name.withCString { _ = unsafe mixd_set_thread_name($0) }
  preferThisThread()
  start.body()
  return nil
}

/// Exact timers; and media work comes in pieces of a few milliseconds, which short slices bring earlier on a busy
/// machine. What is refused is done without.
private func preferThisThread() {
  _ = mixd_set_timer_slack(1)
  _ = mixd_schedule_early(1_000_000, 10)
}
