/// An `If-Match` or `If-None-Match` field (RFC 9110 §13.1). WHIP sends `*` with an ICE restart and the last known tag
/// with candidates.
struct EntityCondition: Sendable {
  private let field: Substring

  init(_ field: String) { self.field = field[...] }

  /// Whether what has this tag now is what the client means. Weak tags never match.
  func admits(_ tag: String) -> Bool { names(["*", "\"\(tag)\"", tag]) }

  /// The same as `If-None-Match` compares (§13.1.2): weak tags match too.
  func admitsWeakly(_ tag: String) -> Bool { admits(tag) || names(["W/\"\(tag)\""]) }

  private func names(_ forms: [String]) -> Bool {
    let wanted = field.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    return wanted.contains { part in forms.contains { form in part == form } }
  }
}
