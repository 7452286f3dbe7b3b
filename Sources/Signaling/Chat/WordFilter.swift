/// Words that must not be written: found anywhere in a text, whatever their case, width and accents.
struct WordFilter: Sendable, Equatable {
  private let words: [[Unicode.Scalar]]

  init(_ words: [String]) { self.words = words.map { FoldedText($0).scalars }.filter { !$0.isEmpty } }

  func catches(_ text: String) -> Bool {
    if words.isEmpty { return false }
    let text = FoldedText(text).scalars
    return words.contains { Self.find($0, in: text) }
  }

  private static func find(_ word: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Bool {
    guard let first = word.first, text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where text[start] == first {
      if text[start..<(start + word.count)].elementsEqual(word) { return true }
    }
    return false
  }
}
