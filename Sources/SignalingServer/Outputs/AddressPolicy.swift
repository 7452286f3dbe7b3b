import Glibc
import MediaControl
import NIOCore
import NIOPosix

/// Keeps outputs off the server's own network. Every address a name resolves to must be a public one.
enum AddressPolicy {
  /// Refuses at once what the worker would refuse at every connection, or what nobody knows in time.
  static func requirePublic(_ url: OutputURL, by resolver: AddressResolver, within limit: Double) async throws(APIError)
  {
    let addresses = try await resolver.addresses(
      of: url.host, until: .now + .seconds(limit), orElse: .outputUnresolved)
    guard addresses.allSatisfy(PublicAddress.includes) else { throw .outputPrivate }
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
}
