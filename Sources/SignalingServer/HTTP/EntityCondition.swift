/// An `If-Match` field (RFC 9110 §13.1.1). WHIP sends `*` with an ICE restart and the last known tag with candidates.
struct EntityCondition: Sendable {
  private let field: Substring

  init(_ field: String) { self.field = field[...] }

  /// Whether what has this tag now is what the client means. Weak tags never match.
  func admits(_ tag: String) -> Bool {
    let wanted = field.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    return wanted.contains { $0 == "*" || $0 == "\"\(tag)\"" || $0 == tag }
  }
}
