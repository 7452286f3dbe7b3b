import Crypto
import Foundation

/// Random texts that prove something by being known. The store keeps only their digests: they cannot be guessed, so
/// a fast hash is enough.
enum Secret {
  /// 256 random bits.
  static func make() -> String { RandomName.make() + RandomName.make() }

  static func digest(_ secret: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}

/// `rt_{session}.{secret}`
struct RefreshToken: Sendable, Equatable {
  let session: String
  let secret: String

  init(session: String) {
    self.session = session
    secret = Secret.make()
  }

  init?(text: String) {
    guard text.utf8.count <= 256, text.hasPrefix("rt_"), let dot = text.firstIndex(of: ".") else { return nil }
    session = String(text[text.index(text.startIndex, offsetBy: 3)..<dot])
    secret = String(text[text.index(after: dot)...])
  }

  var text: String { "rt_\(session).\(secret)" }
  var digest: [UInt8] { Secret.digest(secret) }
}
