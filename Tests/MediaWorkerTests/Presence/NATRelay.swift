import Glibc
import Synchronization
import Transport

/// A NAT between one client and the server on loopback, which can be cut, and can forget its mapping.
final class NATRelay: Sendable {
  private struct State {
    var outside: Int32
    var client: sockaddr_in?
    var isDown = false
    var isStopped = false
  }

  /// Where the client sends to instead of the server.
  let port: UInt16
  private let inside: Int32
  private let server: sockaddr_in
  private let state: Mutex<State>

  init(to serverPort: UInt16) throws {
    inside = Self.makeSocket()
    port = Self.port(of: inside)
    server = Self.loopback(serverPort)
    state = Mutex(State(outside: Self.makeSocket()))
    let thread = Thread { [self] in run() }
    try thread.start()
  }

  /// The answer with this relay in the server's place.
  func rewrite(_ answer: String, serverPort: UInt16) -> String {
    answer.replacing(" 127.0.0.1 \(serverPort) typ", with: " 127.0.0.1 \(port) typ")
  }

  /// Nothing passes in either direction.
  func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

  /// From now on the client comes from another port, and what is sent to the old one is lost.
  func rebind() {
    state.withLock { state in
      close(state.outside)
      state.outside = Self.makeSocket()
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  private func run() {
    var buffer = [UInt8](repeating: 0, count: 2048)
    while true {
      let (outside, isStopped) = state.withLock { ($0.outside, $0.isStopped) }
      if isStopped { break }
      var waiting = [
        pollfd(fd: inside, events: Int16(POLLIN), revents: 0), pollfd(fd: outside, events: Int16(POLLIN), revents: 0),
      ]
      unsafe poll(&waiting, 2, 10)
      if waiting[0].revents != 0 { passOn(from: inside, toServer: true, &buffer) }
      if waiting[1].revents != 0 { passOn(from: outside, toServer: false, &buffer) }
    }
    close(inside)
    state.withLock { _ = close($0.outside) }
  }

  private func passOn(from descriptor: Int32, toServer: Bool, _ buffer: inout [UInt8]) {
    var source = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = unsafe withUnsafeMutablePointer(to: &source) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
      }
    }
    guard count > 0 else { return }
    let (target, through) = state.withLock { state -> (sockaddr_in?, Int32) in
      if toServer { state.client = source }
      if state.isDown { return (nil, 0) }
      return toServer ? (server, state.outside) : (state.client, inside)
    }
    guard var target else { return }
    unsafe withUnsafePointer(to: &target) { pointer in
      _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(through, buffer, count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func makeSocket() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var name = loopback(0)
    unsafe withUnsafePointer(to: &name) { pointer in
      _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return descriptor
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &name) { pointer in
      _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    return UInt16(bigEndian: name.sin_port)
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return name
  }
}

/// A detached thread: the relay blocks in `poll`, so it must not use the cooperative pool.
private struct Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  struct Refused: Error {}

  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func start() throws {
    let argument = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument)
    guard status == 0 else { throw Refused() }
    pthread_detach(thread)
  }
}
