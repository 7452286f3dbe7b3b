/// Text without what does not make another word of it: case, width, accents, invisible joiners, and whether its
/// characters were typed as one or as letter and marks.
///
/// The standard library composes nothing, but it knows which strings are canonically the same.
struct FoldedText {
  private(set) var scalars: [Unicode.Scalar] = []

  init(_ text: String) {
    for scalar in text.unicodeScalars {
      let narrow = NarrowLetters.narrow(scalar)
      if narrow.isASCII {
        append(narrow.properties.lowercaseMapping.unicodeScalars.first ?? narrow)
        continue
      }
      for upper in narrow.properties.uppercaseMapping.unicodeScalars {
        for lower in upper.properties.lowercaseMapping.unicodeScalars { append(lower) }
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    if let last = scalars.last, let whole = Self.voiced(last, scalar) ?? Self.syllable(last, scalar) {
      scalars[scalars.count - 1] = whole
    } else if scalar.isASCII {
      scalars.append(scalar)
    } else if !Self.isIgnored(scalar) {
      scalars.append(AccentedLetters.bare[scalar] ?? scalar)
    }
  }

  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  /// A kana and its voice mark: other kana, not an accent. They stand at one of these distances from the plain ones.
  private static func voiced(_ kana: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
    guard mark == "\u{3099}" || mark == "\u{309A}" else { return nil }
    var pair = String(kana)
    pair.unicodeScalars.append(mark)
    return [1, 2, 0x4E, 8].lazy.compactMap { Unicode.Scalar(kana.value + $0) }.first { String($0) == pair }
  }

  /// Hangul by its letters (Unicode 3.12).
  private static func syllable(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    switch (first.value, second.value) {
    case (0x1100...0x1112, 0x1161...0x1175):
      Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
    case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (first.value - 0xAC00) % 28 == 0:
      Unicode.Scalar(first.value + second.value - 0x11A7)
    default: nil
    }
  }
}
