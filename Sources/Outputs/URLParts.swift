/// `scheme://user@host:port/path?query` taken apart (RFC 3986 §3), as far as pushing needs it.
struct URLParts: Equatable {
  var scheme: String
  var host: Substring
  /// As written; `nil` without one.
  var port: Substring?
  /// From the slash on, without the query.
  var path: Substring
  /// Path, query and fragment.
  private var tail: Substring
  private var hasUser: Bool
  private var hasQuery: Bool

  /// `nil` when there is no `scheme://`.
  init?(_ url: String) {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://"), colon != url.startIndex else {
      return nil
    }
    guard url[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }) else {
      return nil
    }
    scheme = url[..<colon].lowercased()
    let rest = url[url.index(colon, offsetBy: 3)...]
    let hierarchy = rest.prefix { $0 != "?" && $0 != "#" }
    hasQuery = hierarchy.endIndex != rest.endIndex
    let authority = hierarchy.prefix { $0 != "/" }
    path = hierarchy[authority.endIndex...]
    tail = rest[authority.endIndex...]
    let address = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
    hasUser = address != nil
    (host, port) = Self.split(address ?? authority)
  }

  /// Whether there is a host without blanks and, if a port is given, a possible one.
  var isComplete: Bool {
    guard !host.isEmpty, !host.contains(where: \.isWhitespace), !path.contains(where: \.isWhitespace) else {
      return false
    }
    guard let port else { return true }
    return port.allSatisfy(\.isASCII) && Int(port).map { (1...65_535).contains($0) } == true
  }

  /// The last part of the path is the stream key in every push scheme that has a path.
  var redacted: String {
    var text = scheme + "://" + (hasUser ? "***@" : "") + host
    if let port { text += ":" + port }
    if let slash = path.lastIndex(of: "/") {
      let isKey = path.index(after: slash) != path.endIndex
      text += path[...slash] + (isKey ? "***" : "")
    }
    return hasQuery ? text + "?***" : text
  }

  /// Without the brackets of an IPv6 address.
  var bareHost: String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
  }

  /// How an address is written as host.
  static func hostText(of address: [UInt8]) -> String {
    if address.count == 4 { return address.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: address.count - 1, by: 2).map { index in
      String(UInt16(address[index]) << 8 | UInt16(address[index + 1]), radix: 16)
    }
    return "[" + groups.joined(separator: ":") + "]"
  }

  /// What libavformat's RTMP client makes of the URL for the server: with the port, without the stream key. Up to two
  /// parts of the path are the application, as there.
  var tcURL: String {
    let text = tail.dropFirst()
    var application = text
    if let first = text.firstIndex(of: "/") {
      let rest = text[text.index(after: first)...]
      let (second, colon) = (rest.firstIndex(of: "/"), rest.firstIndex(of: ":"))
      let isInstance = second.map { second in colon.map { second < $0 } ?? true } ?? false
      application = text[..<(isInstance ? second ?? first : first)]
    }
    return "\(scheme)://\(host):\(port ?? "1935")/\(application)"
  }

  /// Splits `host:port`; an IPv6 address stands in brackets.
  private static func split(_ address: Substring) -> (host: Substring, port: Substring?) {
    let searched = address.lastIndex(of: "]").map { address[$0...] } ?? address
    guard let colon = searched.lastIndex(of: ":") else { return (address, nil) }
    return (address[..<colon], address[address.index(after: colon)...])
  }
}
