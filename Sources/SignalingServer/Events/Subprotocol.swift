/// What a handshake offers as subprotocols of its WebSocket (RFC 6455 §1.9). Browsers can send no header, so a token comes
/// as one of them.
enum Subprotocol {
  static let events = "mixd.v1"
  private static let bearer = "bearer."

  static func token(in offered: [String]) -> String? {
    offered.first { $0.hasPrefix(bearer) }.map { String($0.dropFirst(bearer.count)) }
  }
}
