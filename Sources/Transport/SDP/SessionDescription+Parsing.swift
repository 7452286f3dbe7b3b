extension SessionDescription {
  init(parsing text: String) throws(NegotiationError) {
    guard text.utf8.count <= Limit.bytes else { throw .tooLarge }
    var lines = 0
    var sawVersion = false
    for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      lines += 1
      guard lines <= Limit.lines else { throw .tooLarge }
      guard let (type, value) = Self.split(line) else { continue }
      if !sawVersion {
        guard type == UInt8(ascii: "v"), value == "0" else { throw .malformed }
        sawVersion = true
        continue
      }
      try take(type, value)
    }
    guard sawVersion else { throw .malformed }
  }

  /// `x=value`; `nil` for anything else.
  private static func split(_ line: Substring.UTF8View) -> (type: UInt8, value: Substring)? {
    guard let type = line.first, line.dropFirst().first == UInt8(ascii: "=") else { return nil }
    return (type, Substring(line.dropFirst(2)))
  }

  private mutating func take(_ type: UInt8, _ value: Substring) throws(NegotiationError) {
    switch type {
    case UInt8(ascii: "o"):
      let words = value.split(separator: " ")
      if words.count >= 3, words[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        sessionID = String(words[1])
        sessionVersion = UInt64(words[2]) ?? 1
      }
    case UInt8(ascii: "m"):
      guard media.count < Limit.sections else { throw .tooLarge }
      media.append(try MediaDescription(parsing: value))
    case UInt8(ascii: "a"):
      let attribute = SDPAttribute(parsing: value)
      if media.isEmpty {
        attributes.append(attribute)
      } else {
        media[media.count - 1].attributes.append(attribute)
      }
    default: break
    }
  }
}

extension SDPAttribute {
  init(parsing value: Substring) {
    let colon = value.utf8.firstIndex(of: UInt8(ascii: ":")) ?? value.endIndex
    name = String(value[..<colon])
    self.value = colon == value.endIndex ? "" : String(value[value.utf8.index(after: colon)...])
  }
}

extension MediaDescription {
  /// `kind port[/count] profile format …`
  init(parsing value: Substring) throws(NegotiationError) {
    let words = value.split(separator: " ")
    guard words.count >= 4, words.count - 3 <= SessionDescription.Limit.formats,
      let port = UInt16(words[1].prefix { $0 != "/" })
    else { throw .malformed }
    self.init(
      kind: String(words[0]), port: port, profile: String(words[2]), formats: words.dropFirst(3).map(String.init))
  }
}
