import Foundation

/// The address of a receiver whose form was checked.
struct WebhookURL: Sendable, Equatable {
  let text: String
  /// As in the text, without brackets.
  let host: String
  let port: Int

  /// Takes complete https URLs without credentials, http ones only inside the own network. The host is plain ASCII
  /// so that everybody who reads the text means the same host.
  init(_ text: String, allowsPlain: Bool) throws(APIError) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.contains(where: { "\"'\\<>`|^{}".contains($0) }), let parts = URLComponents(string: text),
      let scheme = parts.scheme, scheme == "https" || scheme == "http" && allowsPlain,
      let host = parts.host.map(Self.bare), Self.isPlain(host), parts.fragment == nil,
      ["\(host)", "[\(host)]"].contains(where: { text.hasPrefix("\(scheme)://\($0)") }),
      parts.user == nil, parts.password == nil
    else { throw .webhookURL }
    let port = parts.port ?? (scheme == "https" ? 443 : 80)
    guard (1...65535).contains(port) else { throw .webhookURL }
    self.text = text
    self.host = host
    self.port = port
  }

  private static func bare(_ host: String) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  private static func isPlain(_ host: String) -> Bool {
    !host.isEmpty && host.utf8.count <= 253
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }
}
