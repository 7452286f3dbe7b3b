import CLinux

/// A detached thread of the operating system: a client blocks in `ppoll`, so it must not use the cooperative pool.
enum ClientThread {
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// - Parameter name: at most 15 bytes are kept (a limit of Linux).
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SyntheticClientError) {
    let name = String(name.prefix(15))
    let start = Start {
      unsafe name.withCString { _ = unsafe mixd_set_thread_name($0) }
      _ = mixd_set_timer_slack(1)
      body()
    }
    let argument = unsafe Unmanaged.passRetained(start).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, argument)
    guard status == 0 else {
      unsafe Unmanaged<Start>.fromOpaque(argument).release()
      throw .thread(code: status)
    }
    pthread_detach(thread)
  }
}
