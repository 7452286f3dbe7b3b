/// Goes through a name and keeps what shows: names that differ by something that nobody sees are one name, and none
/// covers or turns round what stands beside it.
struct NameScan {
  /// Of marks on one base, of which those beside it count 1 and those above, below or in it 2. Every script does with it.
  private static let mostMarks = 8
  private static let flag: Unicode.Scalar = "\u{1F3F4}"
  private static let joiner: Unicode.Scalar = "\u{200D}"
  private static let keycap: Unicode.Scalar = "\u{20E3}"
  private static let (textStyle, emojiStyle): (Unicode.Scalar, Unicode.Scalar) = ("\u{FE0E}", "\u{FE0F}")

  private let scalars: [Unicode.Scalar]
  private var kept: [Unicode.Scalar] = []
  private var marks = 0

  /// What is left of a name; `nil` if marks are piled up in it.
  static func name(_ raw: String) -> String? {
    var scan = NameScan(raw)
    guard scan.run() else { return nil }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scan.kept)
    return String(result)
  }

  private init(_ raw: String) { scalars = Array(raw.unicodeScalars) }

  private mutating func run() -> Bool {
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if Self.isBlank(scalar) {
        if let last = kept.last, last != " " { keep(" ") }
      } else if Self.isMark(scalar) {
        guard takeMark(scalar) else { return false }
      } else if !scalar.properties.isDefaultIgnorableCodePoint {
        keep(scalar)
        if scalar == Self.flag { index = takeTags(from: index) }
      } else if isNeeded(scalar, before: index < scalars.count ? scalars[index] : nil) {
        kept.append(scalar)
      }
    }
    if kept.last == " " { kept.removeLast() }
    return true
  }

  private mutating func keep(_ scalar: Unicode.Scalar) {
    kept.append(scalar)
    marks = 0
  }

  /// A mark without a base would stand on what is before the name.
  private mutating func takeMark(_ scalar: Unicode.Scalar) -> Bool {
    guard let last = kept.last, last != " " else { return true }
    marks += scalar.properties.generalCategory == .spacingMark ? 1 : 2
    kept.append(scalar)
    return marks <= Self.mostMarks
  }

  /// The letters that make a flag that of a region, if they are complete; returns where it goes on.
  private mutating func takeTags(from start: Int) -> Int {
    let rest = scalars[start...]
    let end = rest.firstIndex { !(0xE0030...0xE007A).contains($0.value) } ?? rest.endIndex
    guard (3...6).contains(end - start), end < rest.endIndex, rest[end].value == 0xE007F else { return start }
    kept += rest[...end]
    return end + 1
  }

  /// Whether something that does not show itself changes what is around it, where it is meant to.
  private func isNeeded(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
    guard let last = kept.last else { return false }
    switch scalar {
    case Self.joiner:
      guard let next else { return false }
      // Families of emoji, and letters that are written together (RFC 5892, A.2).
      let isAfterEmoji = Self.isEmoji(last) || last == Self.emojiStyle
      return isAfterEmoji && Self.isEmoji(next)
        || last.properties.canonicalCombiningClass == .virama && next.properties.isAlphabetic
    case Self.emojiStyle:
      if last.isASCII { return last.properties.isEmoji && next == Self.keycap }
      return last.properties.isEmoji && !last.properties.isEmojiPresentation
    case Self.textStyle: return Self.isEmoji(last)
    default: return false
    }
  }

  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool { !scalar.isASCII && scalar.properties.isEmoji }

  /// White space of any width, and the pattern without a dot.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar == "\u{2800}"
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: !scalar.properties.isDefaultIgnorableCodePoint
    default: false
    }
  }
}
