/// Which addresses are outside the server's own network. Both sides go by it: the control side when somebody names a
/// destination, the worker when it connects there.
public enum PublicAddress {
  /// Not loopback, private, link-local, shared, multicast, reserved or documentation (RFC 6890), also when carried
  /// inside an IPv6 address (mapped, 6to4, NAT64, Teredo).
  ///
  /// - Parameter address: in network order, 4 or 16 bytes.
  public static func includes(_ address: [UInt8]) -> Bool {
    if address.count == 4 { return includesIPv4(address[...]) }
    guard address.count == 16 else { return false }
    if address[0..<10].allSatisfy({ $0 == 0 }) {
      return address[10] == 0xFF && address[11] == 0xFF && includesIPv4(address[12...])
    }
    switch (address[0], address[1]) {
    case (0x20, 0x02): return includesIPv4(address[2..<6])
    case (0x00, 0x64): return includesIPv4(address[12...]) && address[2] == 0xFF && address[3] == 0x9B
    case (0x20, 0x01): return address[2] >= 0x02 && !(address[2] == 0x0D && address[3] == 0xB8)
    default: return address[0] & 0xE0 == 0x20
    }
  }

  private static func includesIPv4(_ address: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(address)
    return switch (bytes[0], bytes[1], bytes[2]) {
    case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
    case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
    case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113), (192, 88, 99): false
    default: true
    }
  }
}
