import CLinux
import Glibc
import MixCore
import Transport

/// One IPv4 UDP socket, one datagram a call: a client's traffic is small.
@safe final class ClientSocket {
  let localAddress: SocketAddress
  private let descriptor: Int32
  @unsafe private let memory: UnsafeMutableRawBufferPointer

  /// Longer than any datagram of a path with an MTU of 1500.
  private static let capacity = 2048

  /// - Parameter address: IPv4; port 0 takes any free one.
  init(bind address: SocketAddress) throws(SyntheticClientError) {
    let descriptor = mixd_udp_socket(AF_INET)
    self.descriptor = descriptor
    unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.capacity, alignment: 16)
    guard descriptor >= 0, let name = Self.name(of: address) else { throw .socket(code: errno) }
    guard unsafe Self.withName(name, { unsafe bind(descriptor, $0, $1) }) == 0 else { throw .socket(code: errno) }
    localAddress = try Self.boundAddress(of: descriptor)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    unsafe memory.deallocate()
  }

  /// Gives `body` the next waiting datagram; `false` when there is none.
  func receive(_ body: (UnsafeMutableRawBufferPointer, SocketAddress) -> Void) -> Bool {
    var source = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = unsafe withUnsafeMutablePointer(to: &source) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(descriptor, memory.baseAddress, memory.count, 0, $0, &length)
      }
    }
    // An ICMP error of an earlier datagram is reported here and means nothing to a client that keeps trying.
    guard count >= 0 else { return errno != EAGAIN && errno != EWOULDBLOCK }
    unsafe body(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]), Self.address(of: source))
    return true
  }

  /// Sends everything in `queue`; what the kernel refuses is lost, as it could be in the network.
  func send(_ queue: borrowing TransmitQueue) {
    unsafe queue.bytes.withUnsafeBytes { bytes in
      for datagram in queue.datagrams {
        guard let name = Self.name(of: datagram.destination), let base = bytes.baseAddress else { continue }
        unsafe Self.withName(name) { name, length in
          _ = unsafe sendto(descriptor, base + datagram.offset, datagram.length, 0, name, length)
        }
      }
    }
  }

  /// Waits until a datagram has come, `wakeup` was signalled or it is `deadline`.
  func wait(until deadline: MediaTime, or wakeup: Int32) {
    var descriptors = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
    )
    let distance = max(0, min((deadline - ClientClock.now()).nanoseconds, 1_000_000_000))
    var timeout = timespec(tv_sec: Int(distance / 1_000_000_000), tv_nsec: Int(distance % 1_000_000_000))
    unsafe withUnsafeMutablePointer(to: &descriptors) { pair in
      unsafe pair.withMemoryRebound(to: pollfd.self, capacity: 2) { _ = unsafe mixd_ppoll($0, 2, &timeout) }
    }
  }
}

extension ClientSocket {
  private static func name(of address: SocketAddress) -> sockaddr_in? {
    guard let bits = address.ipv4 else { return nil }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = address.port.bigEndian
    name.sin_addr.s_addr = bits.bigEndian
    return name
  }

  private static func address(of name: sockaddr_in) -> SocketAddress {
    SocketAddress(ipv4: UInt32(bigEndian: name.sin_addr.s_addr), port: UInt16(bigEndian: name.sin_port))
  }

  @discardableResult
  private static func withName<Result>(
    _ name: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func boundAddress(of descriptor: Int32) throws(SyntheticClientError) -> SocketAddress {
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    guard status == 0 else { throw .socket(code: errno) }
    return address(of: name)
  }
}
