/// Words that must not be written: found anywhere in a text, whatever their case and width.
struct WordFilter: Sendable, Equatable {
  private let words: [[Unicode.Scalar]]

  init(_ words: [String]) { self.words = words.map(Self.fold).filter { !$0.isEmpty } }

  func catches(_ text: String) -> Bool {
    if words.isEmpty { return false }
    let text = Self.fold(text)
    return words.contains { Self.find($0, in: text) }
  }

  private static func find(_ word: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Bool {
    guard let first = word.first, text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where text[start] == first {
      if text[start..<(start + word.count)].elementsEqual(word) { return true }
    }
    return false
  }

  /// Without case, width, accents written as marks of their own, and what joins characters invisibly.
  private static func fold(_ text: String) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      for upper in narrow(scalar).properties.uppercaseMapping.unicodeScalars {
        for lower in upper.properties.lowercaseMapping.unicodeScalars where !isIgnored(lower) { result.append(lower) }
      }
    }
    return result
  }

  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  /// Full-width Latin as ASCII, half-width kana as ordinary ones.
  private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x3000: " "
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0xFF66...0xFF9F: kana[Int(scalar.value - 0xFF66)]
    default: scalar
    }
  }

  private static let kana = Array(
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"
      .unicodeScalars)
}
