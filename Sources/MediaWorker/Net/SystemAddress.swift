import CLinux
import Transport

/// Between `SocketAddress` and the kernel's `sockaddr_storage`.
enum SystemAddress {
  /// Fills `storage`; an IPv6 socket reaches IPv4 peers by their v4-mapped form (RFC 4291 §2.5.5.2).
  static func write(_ address: SocketAddress, into storage: inout sockaddr_storage, asIPv6: Bool) -> socklen_t {
    unsafe withUnsafeMutableBytes(of: &storage) { raw in
      if address.isIPv6 || asIPv6 {
        var value = sockaddr_in6()
        value.sin6_family = sa_family_t(AF_INET6)
        value.sin6_port = address.port.bigEndian
        unsafe withUnsafeMutableBytes(of: &value.sin6_addr) { bytes in
          unsafe bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
          unsafe bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        unsafe raw.storeBytes(of: value, as: sockaddr_in6.self)
        return socklen_t(MemoryLayout<sockaddr_in6>.size)
      }
      var value = sockaddr_in()
      value.sin_family = sa_family_t(AF_INET)
      value.sin_port = address.port.bigEndian
      value.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
      unsafe raw.storeBytes(of: value, as: sockaddr_in.self)
      return socklen_t(MemoryLayout<sockaddr_in>.size)
    }
  }

  static func read(_ storage: sockaddr_storage) -> SocketAddress? {
    unsafe withUnsafeBytes(of: storage) { raw in
      switch Int32(storage.ss_family) {
      case AF_INET:
        let value = unsafe raw.load(as: sockaddr_in.self)
        return SocketAddress(ipv4: UInt32(bigEndian: value.sin_addr.s_addr), port: UInt16(bigEndian: value.sin_port))
      case AF_INET6:
        let value = unsafe raw.load(as: sockaddr_in6.self)
        return unsafe withUnsafeBytes(of: value.sin6_addr) { bytes in
          SocketAddress(
            ipv6: unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 0, as: UInt64.self)),
            unsafe UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self)),
            port: UInt16(bigEndian: value.sin6_port))
        }
      default: return nil
      }
    }
  }
}
