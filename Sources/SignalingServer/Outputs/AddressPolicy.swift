import HTTPTypes
import NIOCore
import NIOPosix

/// Keeps outputs off the server's own network. Every address a name resolves to must be a public one.
enum AddressPolicy {
  /// Resolves on a thread that may block.
  static func requirePublic(_ url: OutputURL) async throws(APIError) {
    let addresses: [[UInt8]]
    do {
      addresses = try await NIOSingletons.posixBlockingThreadPool.runIfActive { resolve(url.host) }
    } catch {
      throw APIError.outputUnresolved
    }
    guard !addresses.isEmpty else { throw APIError.outputUnresolved }
    guard addresses.allSatisfy(isPublic) else {
      throw APIError.outputPrivate
    }
  }

  /// Addresses in network order, 4 or 16 bytes. The resolver also reads decimal, octal and hexadecimal IPv4 forms.
  static func resolve(_ host: String) -> [[UInt8]] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [[UInt8]] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let address = unsafe bytes(of: entry.pointee) { found.append(address) }
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
    let raw = unsafe UnsafeRawBufferPointer(start: address, count: offset + count)
    return unsafe Array(raw[offset...])
  }

  /// Not loopback, private, link-local, shared, multicast, reserved or documentation (RFC 6890), also when carried
  /// inside an IPv6 address (mapped, 6to4, NAT64, Teredo).
  static func isPublic(_ address: [UInt8]) -> Bool {
    if address.count == 4 { return isPublicIPv4(address) }
    guard address.count == 16 else { return false }
    if address[0..<10].allSatisfy({ $0 == 0 }) {
      return address[10] == 0xFF && address[11] == 0xFF && isPublicIPv4(Array(address[12...]))
    }
    switch (address[0], address[1]) {
    case (0x20, 0x02): return isPublicIPv4(Array(address[2..<6]))
    case (0x00, 0x64): return isPublicIPv4(Array(address[12...])) && address[2] == 0xFF && address[3] == 0x9B
    case (0x20, 0x01): return address[2] >= 0x02 && !(address[2] == 0x0D && address[3] == 0xB8)
    default: return address[0] & 0xE0 == 0x20
    }
  }

  private static func isPublicIPv4(_ address: [UInt8]) -> Bool {
    switch (address[0], address[1], address[2]) {
    case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
    case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
    case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113), (192, 88, 99): false
    default: true
    }
  }
}
