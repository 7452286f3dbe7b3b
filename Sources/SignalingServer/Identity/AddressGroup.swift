import Foundation
import NIOCore

/// Whom a limit per address counts as one: an IPv4 address, or the 64 bits of an IPv6 one that a single site has.
enum AddressGroup {
  static func of(_ address: String) -> String {
    guard address.contains(":"), let parsed = try? SocketAddress(ipAddress: address, port: 0),
      case .v6 = parsed, let text = parsed.ipAddress
    else { return address }
    // An IPv4 client of a server that listens on an IPv6 address (RFC 4291 §2.5.5.2).
    if text.hasPrefix("::ffff:"), text.contains(".") { return String(text.dropFirst(7)) }
    let groups = expanded(text)
    return groups.prefix(4).joined(separator: ":") + "::/64"
  }

  /// The eight groups of a canonical IPv6 text.
  private static func expanded(_ text: String) -> [String] {
    guard let gap = text.range(of: "::") else { return text.split(separator: ":").map(String.init) }
    let head = text[..<gap.lowerBound].split(separator: ":").map(String.init)
    let tail = text[gap.upperBound...].split(separator: ":").map(String.init)
    return head + Array(repeating: "0", count: max(0, 8 - head.count - tail.count)) + tail
  }
}
