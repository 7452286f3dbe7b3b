import CLinux
import Transport

/// The addresses under which a wildcard-bound socket can be reached on this machine.
enum InterfaceAddresses {
  /// A socket bound to one address has just that; one bound to the wildcard has every address of every interface that
  /// is up, loopback last.
  static func reachable(bound: SocketAddress) -> [SocketAddress] {
    let isWildcard = bound.high == 0 && bound.low & 0xFFFF_FFFF == 0
    guard isWildcard else { return [bound] }
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return [bound] }
    defer { unsafe freeifaddrs(list) }
    var outside: [SocketAddress] = []
    var loopback: [SocketAddress] = []
    var next = unsafe list
    while let interface = unsafe next {
      defer { unsafe next = unsafe interface.pointee.ifa_next }
      let flags = unsafe Int32(truncatingIfNeeded: interface.pointee.ifa_flags)
      let isUp = flags & Int32(IFF_UP) != 0
      guard isUp, let address = unsafe ipv4(interface.pointee.ifa_addr, port: bound.port) else { continue }
      if flags & Int32(IFF_LOOPBACK) != 0 {
        loopback.append(address)
      } else {
        outside.append(address)
      }
    }
    return outside + loopback
  }

  private static func ipv4(_ address: UnsafeMutablePointer<sockaddr>?, port: UInt16) -> SocketAddress? {
    guard let address = unsafe address, unsafe Int32(address.pointee.sa_family) == AF_INET else { return nil }
    var storage = sockaddr_storage()
    unsafe withUnsafeMutableBytes(of: &storage) { raw in
      unsafe raw.copyMemory(from: UnsafeRawBufferPointer(start: address, count: MemoryLayout<sockaddr_in>.size))
    }
    return SystemAddress.read(storage)?.withPort(port)
  }
}
