/// One side's user name fragment and password (RFC 8445 §5.3).
struct ICEIdentity: Sendable, Equatable {
  let ufrag: String
  let password: String

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  init(ufrag: String, password: String) {
    self.ufrag = ufrag
    self.password = password
  }

  /// 72 random bits of fragment, which also finds the session, and 192 of password.
  init(using random: inout RandomSource) {
    ufrag = Self.text(12, using: &random)
    password = Self.text(32, using: &random)
  }

  private static func text(_ count: Int, using random: inout RandomSource) -> String {
    let characters = (0..<count).map { _ in alphabet[Int(random.next() & 63)] }
    return String(decoding: characters, as: UTF8.self)
  }
}
