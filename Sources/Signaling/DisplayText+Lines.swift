/// Text in lines: what is said to a whole room.
extension DisplayText {
  private static let mostLines = 20

  /// Text that may be empty; `nil` when it is too long, or of too many lines.
  static func lines(_ raw: String, characters: Int, bytes: Int) -> String? {
    guard raw.utf8.count <= 4 * bytes else { return nil }
    let text = printableLines(raw)
    let count = text.utf8.count { $0 == 0x0A } + 1
    return text.count <= characters && text.utf8.count <= bytes && count <= mostLines ? text : nil
  }

  /// Each line as `printable` leaves it, with one empty line at most between two others and none at the ends.
  public static func printableLines(_ raw: String) -> String {
    var kept: [String] = []
    for line in raw.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let text = printable(String(line))
      if !text.isEmpty || kept.last?.isEmpty == false { kept.append(text) }
    }
    if kept.last?.isEmpty == true { kept.removeLast() }
    return kept.joined(separator: "\n")
  }
}
