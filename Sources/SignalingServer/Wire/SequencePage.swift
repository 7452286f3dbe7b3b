/// Which part of a list somebody asks for that is newest first, and whose cursor is the number of the last one seen.
struct SequencePage: Sendable {
  let before: Int64?
  let limit: Int

  /// - Parameter refusal: what is said of an unreadable question.
  init(_ value: (String) -> String?, refusal: APIError) throws(APIError) {
    before = try Self.number(value("cursor"), refusal)
    let wanted = try Self.number(value("limit"), refusal) ?? 20
    guard (1...100).contains(wanted) else { throw refusal }
    limit = Int(wanted)
  }

  static let query: [Field] = [
    .optional("cursor", .text, "`next` of the page before."), .optional("limit", .integer(1...100), "20 unless given."),
  ]

  /// One more than the page has: whether there is another page shows by it.
  var lookAhead: Int { limit + 1 }

  /// - Parameter found: the first `lookAhead` of those before the cursor.
  func cut<Entry>(_ found: [Entry], sequence: (Entry) -> Int64) -> (page: ArraySlice<Entry>, next: String?) {
    let page = found.prefix(limit)
    return (page, found.count > limit ? page.last.map { String(sequence($0)) } : nil)
  }

  private static func number(_ text: String?, _ refusal: APIError) throws(APIError) -> Int64? {
    guard let text, !text.isEmpty else { return nil }
    guard let number = Int64(text), number > 0 else { throw refusal }
    return number
  }
}
