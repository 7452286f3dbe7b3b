extension SocketAddress: CustomStringConvertible {
  /// Reads `1.2.3.4:5` and `[2001:db8::1]:5`.
  public init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("[") {
      guard host.hasSuffix("]") else { return nil }
      host = host.dropFirst().dropLast()
      guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      return nil
    }
    self.init(ip: String(host), port: port)
  }

  /// Reads `1.2.3.4` and `2001:db8::1`, as in an ICE candidate; zones and host names are refused.
  public init?(ip: String, port: UInt16) {
    if ip.utf8.contains(UInt8(ascii: ":")) {
      guard let (high, low) = Self.parseIPv6(ip) else { return nil }
      self.init(ipv6: high, low, port: port)
    } else {
      guard let bits = Self.parseIPv4(ip[...]) else { return nil }
      self.init(ipv4: bits, port: port)
    }
  }

  public var description: String { isIPv6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }

  /// The address without the port, IPv6 in the form of RFC 5952.
  public var ip: String {
    if let bits = ipv4 {
      return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
    guard let zeros = longestZeroRun else { return (0..<8).map(hexGroup).joined(separator: ":") }
    let left = (0..<zeros.lowerBound).map(hexGroup).joined(separator: ":")
    let right = (zeros.upperBound..<8).map(hexGroup).joined(separator: ":")
    return "\(left)::\(right)"
  }

  private func hexGroup(_ index: Int) -> String { String(group(index), radix: 16) }

  /// RFC 5952 §4.2: the first of the longest runs of at least two zero groups is shortened to `::`.
  private var longestZeroRun: Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in 0..<8 {
      guard group(index) == 0 else {
        start = index + 1
        continue
      }
      if index + 1 - start > best.count { best = start..<(index + 1) }
    }
    return best.count > 1 ? best : nil
  }

  private static func parseIPv4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      // A leading zero would be octal to some readers, so it is refused.
      guard part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        part == "0" || !part.hasPrefix("0"), let byte = UInt8(part)
      else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return bits
  }

  private static func parseIPv6(_ text: String) -> (UInt64, UInt64)? {
    guard text.utf8.count <= 45 else { return nil }
    guard let gap = text.firstDoubleColon else {
      guard let groups = parseGroups(text[...]), groups.count == 8 else { return nil }
      return halves(groups)
    }
    guard let left = parseGroups(text[..<gap.lowerBound]), let right = parseGroups(text[gap.upperBound...]),
      left.count + right.count < 8
    else { return nil }
    return halves(left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right)
  }

  /// Hexadecimal groups, of which the last may be a dotted IPv4 address worth two groups.
  private static func parseGroups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
        guard let bits = parseIPv4(part) else { return nil }
        groups += [UInt16(bits >> 16), UInt16(bits & 0xffff)]
      } else {
        guard part.utf8.count <= 4, !part.hasPrefix("+"), let group = UInt16(part, radix: 16) else { return nil }
        groups.append(group)
      }
    }
    return groups
  }

  private static func halves(_ groups: [UInt16]) -> (UInt64, UInt64) {
    let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    return (high, low)
  }
}

extension String {
  fileprivate var firstDoubleColon: Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if self[index] == ":", next < endIndex, self[next] == ":" { return index..<self.index(after: next) }
      index = next
    }
    return nil
  }
}
