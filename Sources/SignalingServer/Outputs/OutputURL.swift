import Foundation
import HTTPTypes

/// A push address whose form was checked.
struct OutputURL: Sendable, Equatable {
  private static let schemes: Set<String> = ["rtmp", "rtmps", "srt"]

  let text: String
  let host: String
  let port: Int

  /// Takes complete URLs of a known scheme, in printable ASCII only: the text reaches C libraries and other servers.
  init(_ text: String) throws(APIError) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.contains(where: { "\"'\\<>`|".contains($0) }), let parts = URLComponents(string: text),
      let scheme = parts.scheme?.lowercased(), Self.schemes.contains(scheme), let host = parts.host, !host.isEmpty
    else { throw .outputURL }
    let port = parts.port ?? (scheme == "rtmps" ? 443 : 1935)
    let hasTarget = scheme == "srt" ? parts.port != nil : parts.path.count > 1
    guard (1...65535).contains(port), hasTarget else { throw .outputURL }
    self.text = text
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    self.port = port
  }

  /// Without credentials, stream key and query.
  static func redacted(_ text: String) -> String {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = parts.host else {
      return "***"
    }
    let port = parts.port.map { ":\($0)" } ?? ""
    let folders = parts.percentEncodedPath.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    return "\(scheme)://\(host)\(port)\(folders)" + (scheme == "srt" ? "" : "/***")
  }

  /// A worker's message without anything of the URL's secrets.
  static func scrub(_ message: String, of text: String) -> String {
    var result = message.replacingOccurrences(of: text, with: redacted(text))
    guard let parts = URLComponents(string: text) else { return result }
    let secrets = [parts.percentEncodedPath.split(separator: "/").last.map(String.init), parts.percentEncodedQuery]
    for secret in secrets.compactMap({ $0 }) + [parts.user, parts.password].compactMap({ $0 }) where secret.count >= 4 {
      result = result.replacingOccurrences(of: secret, with: "***")
    }
    return result
  }
}
