/// An IPv4 or IPv6 transport address. IPv4-mapped IPv6 addresses are held as the IPv4 address they mean, so that two
/// spellings of one address are always equal.
public struct SocketAddress: Hashable, Sendable {
  /// The address as the 128 bits of IPv6 in network order; IPv4 in its mapped form `::ffff:a.b.c.d`.
  public let high: UInt64
  public let low: UInt64
  public let port: UInt16

  /// `::ffff:0:0/96` (RFC 4291 §2.5.5.2).
  private static let mappedPrefix: UInt64 = 0xffff

  public init(ipv4: (UInt8, UInt8, UInt8, UInt8), port: UInt16) {
    let bits = UInt32(ipv4.0) << 24 | UInt32(ipv4.1) << 16 | UInt32(ipv4.2) << 8 | UInt32(ipv4.3)
    self.init(ipv4: bits, port: port)
  }

  /// - Parameter bits: the address in host order: 127.0.0.1 is 0x7f00_0001.
  public init(ipv4 bits: UInt32, port: UInt16) {
    high = 0
    low = Self.mappedPrefix << 32 | UInt64(bits)
    self.port = port
  }

  /// - Parameters:
  ///   - high: the first eight bytes, big-endian: 2001:db8:: is 0x2001_0db8_0000_0000.
  ///   - low: the last eight bytes.
  public init(ipv6 high: UInt64, _ low: UInt64, port: UInt16) {
    self.high = high
    self.low = low
    self.port = port
  }

  public var isIPv6: Bool { !(high == 0 && low >> 32 == Self.mappedPrefix) }

  /// The four bytes of an IPv4 address in host order, or `nil` for IPv6.
  public var ipv4: UInt32? { isIPv6 ? nil : UInt32(truncatingIfNeeded: low) }

  /// One of the eight 16-bit groups of the IPv6 form, from the left.
  func group(_ index: Int) -> UInt16 {
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64((3 - (index & 3)) * 16))
  }
}
