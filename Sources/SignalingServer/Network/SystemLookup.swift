import Glibc

/// The resolver of the operating system.
public enum SystemLookup {
  /// Addresses in network order, 4 or 16 bytes each; none if the name is not known. Decimal, octal and hexadecimal forms
  /// of IPv4 are read too. May take as long as it likes.
  public static func addresses(of host: String) -> [[UInt8]] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [[UInt8]] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let bytes = unsafe bytes(of: entry.pointee) { found.append(bytes) }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }

  private static func bytes(of entry: addrinfo) -> [UInt8]? {
    guard let address = unsafe entry.ai_addr else { return nil }
    let (offset, count): (Int, Int)
    switch unsafe entry.ai_family {
    case AF_INET: (offset, count) = (4, 4)  // after family and port
    case AF_INET6: (offset, count) = (8, 16)  // after family, port and flow
    default: return nil
    }
    guard unsafe Int(entry.ai_addrlen) >= offset + count else { return nil }
    return unsafe Array(UnsafeRawBufferPointer(start: address, count: offset + count)[offset...])
  }
}
