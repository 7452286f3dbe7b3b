/// One line of `a=candidate` (RFC 8839 §5.1). Addresses stay text: names ending in `.local` are candidates too.
struct ICECandidate: Sendable, Equatable {
  var foundation: String
  /// 1; RTCP has no component of its own.
  var component: Int
  var transport: String
  var priority: UInt32
  var address: String
  var port: UInt16
  /// host, srflx, prflx or relay.
  var type: String

  /// A host candidate; those with a lower `index` are preferred.
  static func host(address: String, port: UInt16, index: Int) -> ICECandidate {
    let preference = UInt32(65_535 - min(max(index, 0), 65_535))
    return ICECandidate(
      foundation: "\(index + 1)", component: 1, transport: "udp", priority: 126 << 24 | preference << 8 | 255,
      address: address, port: port, type: "host")
  }

  init(
    foundation: String, component: Int, transport: String, priority: UInt32, address: String, port: UInt16,
    type: String
  ) {
    self.foundation = foundation
    self.component = component
    self.transport = transport
    self.priority = priority
    self.address = address
    self.port = port
    self.type = type
  }

  /// From `foundation component transport priority address port typ type …`, with or without `candidate:` in front.
  init?(attribute: String) {
    let words = attribute.split(separator: " ")
    guard words.count >= 8, words[6] == "typ", let component = Int(words[1]), let priority = UInt32(words[3]),
      let port = UInt16(words[5])
    else { return nil }
    let prefix = "candidate:"
    foundation = String(words[0].hasPrefix(prefix) ? words[0].dropFirst(prefix.count) : words[0])
    self.component = component
    transport = words[2].lowercased()
    self.priority = priority
    address = String(words[4])
    self.port = port
    type = String(words[7])
  }

  /// The value of the `a=candidate` line.
  var attribute: String { "\(foundation) \(component) \(transport) \(priority) \(address) \(port) typ \(type)" }
}
