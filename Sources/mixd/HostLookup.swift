import ArgumentParser
import CLinux
import Transport

/// Turns `HOST[:PORT]` into addresses; a name is looked up once, at the start.
enum HostLookup {
  /// Port 0 where none is given: the media port then stands in for it.
  static func addresses(of text: String) throws -> [SocketAddress] {
    if let address = SocketAddress(text) ?? SocketAddress(text + ":0") ?? SocketAddress("[\(text)]:0") {
      return [address]
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let port = parts.count == 2 ? UInt16(parts[1]) : 0
    guard let port, let found = lookUp(String(parts[0])), !found.isEmpty else {
      throw ValidationError("--announce \(text): expected HOST[:PORT] with an address or a name that resolves")
    }
    return found.compactMap { SocketAddress("\($0):\(port)") }
  }

  private static func lookUp(_ host: String) -> [String]? {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_INET
    unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
    defer { unsafe freeaddrinfo(list) }
    var result: [String] = []
    var next = unsafe list
    while let entry = unsafe next {
      unsafe next = unsafe entry.pointee.ai_next
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let status = unsafe getnameinfo(
        entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      if status == 0 {
        result.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
      }
    }
    return result
  }
}
