/// What is left of small letters without their accents, for scripts that have such letters ready-made.
enum AccentedLetters {
  static let bare: [Unicode.Scalar: Unicode.Scalar] = {
    var unknown: [String: Unicode.Scalar] = [:]
    for scalar in candidates.joined().compactMap({ Unicode.Scalar($0) }) { unknown[String(scalar)] = scalar }
    var bare: [Unicode.Scalar: Unicode.Scalar] = [:]
    var bases = Array("abcdefghijklmnopqrstuvwxyzæøαεηιορυωабвгдежзийклмнопрстуфхцчшщъыьэюяіѵاوي".unicodeScalars)
    // One mark more in every round; Greek has up to three.
    for _ in 0..<3 {
      var found: [Unicode.Scalar] = []
      for base in bases {
        for mark in marks {
          guard let letter = unknown.removeValue(forKey: pair(base, mark)) else { continue }
          bare[letter] = bare[base] ?? base
          found.append(letter)
        }
      }
      bases = found
    }
    return bare
  }()

  private static let candidates: [ClosedRange<UInt32>] = [
    0xE0...0x24F, 0x390...0x3CE, 0x430...0x4FF, 0x622...0x626, 0x1E00...0x1FFF,
  ]

  private static let marks = Array(
    ("\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{309}\u{30A}\u{30B}\u{30C}\u{30F}\u{311}\u{313}\u{314}"
      + "\u{31B}\u{323}\u{324}\u{325}\u{326}\u{327}\u{328}\u{32D}\u{32E}\u{330}\u{331}\u{342}\u{345}\u{653}\u{654}\u{655}")
      .unicodeScalars)

  private static func pair(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> String {
    var text = String(base)
    text.unicodeScalars.append(mark)
    return text
  }
}
