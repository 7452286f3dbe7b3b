import CLinux

/// One named operating-system thread; media loops block, so they never run on the cooperative pool.
enum LoopThread {
  private final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a detached thread; it ends when `body` returns.
  /// - Parameter name: at most 15 bytes are kept (a limit of Linux).
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let start = Start(name: String(name.prefix(15)), body: body)
    let argument = unsafe Unmanaged.passRetained(start).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        unsafe start.name.withCString { _ = unsafe mixd_set_thread_name($0) }
        _ = mixd_set_timer_slack(1)
        start.body()
        return nil
      }, argument)
    if status == 0 {
      pthread_detach(thread)
    } else {
      unsafe Unmanaged<Start>.fromOpaque(argument).release()
    }
  }
}
