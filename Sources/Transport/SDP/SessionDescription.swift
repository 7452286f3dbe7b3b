/// An SDP text (RFC 8866) as lines sorted into session and m-sections; unknown lines are kept out, never refused.
struct SessionDescription: Sendable, Equatable {
  enum Limit {
    static let bytes = 64 << 10
    static let lines = 1000
    static let sections = 32
    /// Payload types of one m-line.
    static let formats = 128
  }

  var sessionID = "1"
  var sessionVersion: UInt64 = 1
  var attributes: [SDPAttribute] = []
  var media: [MediaDescription] = []

  /// The MIDs of each `a=group:BUNDLE`, in order.
  var bundles: [[Substring]] {
    attributes.all("group").compactMap {
      let words = $0.split(separator: " ")
      return words.first == "BUNDLE" ? Array(words.dropFirst()) : nil
    }
  }

  var text: String {
    var text = "v=0\r\no=- \(sessionID) \(sessionVersion) IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    for attribute in attributes { attribute.write(into: &text) }
    for section in media { section.write(into: &text) }
    return text
  }
}

/// `a=name` or `a=name:value`.
struct SDPAttribute: Sendable, Equatable {
  var name: String
  var value: String

  init(_ name: String, _ value: String = "") {
    self.name = name
    self.value = value
  }

  func write(into text: inout String) {
    text += value.isEmpty ? "a=\(name)\r\n" : "a=\(name):\(value)\r\n"
  }
}

extension [SDPAttribute] {
  func has(_ name: String) -> Bool { contains { $0.name == name } }

  func first(_ name: String) -> String? { first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { filter { $0.name == name }.map(\.value) }

  mutating func add(_ name: String, _ value: String = "") { append(SDPAttribute(name, value)) }
}

/// One m-section.
struct MediaDescription: Sendable, Equatable {
  /// The only profile ever accepted: DTLS-SRTP with feedback (RFC 5764 §8).
  static let secureProfile = "UDP/TLS/RTP/SAVPF"

  var kind: String
  var port: UInt16
  var profile: String
  /// Payload types, or other words for sections that are not RTP.
  var formats: [String]
  var attributes: [SDPAttribute] = []

  var mid: String? { attributes.first("mid") }

  /// Port 0 refuses a section, except in an offer that moves it into a bundle (RFC 8843 §6).
  var isRefused: Bool { port == 0 && !attributes.has("bundle-only") }

  func write(into text: inout String) {
    text += "m=\(kind) \(port) \(profile) \(formats.joined(separator: " "))\r\nc=IN IP4 0.0.0.0\r\n"
    for attribute in attributes { attribute.write(into: &text) }
  }
}
