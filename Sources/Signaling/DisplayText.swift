/// Text that people type and everybody sees: names, titles, chat.
public enum DisplayText {
  /// A user's name: 1 to 32 characters of those that show.
  public static func name(_ raw: String) throws(SignalingError) -> String {
    guard raw.utf8.count <= 4 * 256, let text = NameScan.name(printable(raw)),
      !text.isEmpty, text.count <= 32, text.utf8.count <= 256
    else { throw .nameInvalid }
    return text
  }

  /// A room's title: 1 to 50 characters after trimming.
  public static func title(_ raw: String) throws(SignalingError) -> String {
    guard let text = line(raw, characters: 50, bytes: 400), !text.isEmpty else { throw .titleInvalid }
    return text
  }

  /// A chat message: at most 160 bytes of UTF-8 after trimming.
  public static func chat(_ raw: String) throws(SignalingError) -> String {
    let text = printable(raw)
    if text.isEmpty { throw .chatEmpty }
    if text.utf8.count > 160 { throw .chatTooLong }
    return text
  }

  /// Why somebody was refused or removed: at most 100 characters, or nothing.
  public static func reason(_ raw: String) throws(SignalingError) -> String {
    guard let text = line(raw, characters: 100, bytes: 800) else { throw .reasonInvalid }
    return text
  }

  /// As much of what somebody's machine says to a person as a reason may have; `nil` where nothing of it would be seen.
  public static func shortReason(_ raw: String) -> String? {
    var text = String(printable(raw).prefix(100))
    while text.utf8.count > 800 { text.removeLast() }
    text = printable(text)
    return text.isEmpty ? nil : text
  }

  /// What an operator says to a room: at most 300 characters, or nothing.
  public static func warning(_ raw: String) throws(SignalingError) -> String {
    guard let text = line(raw, characters: 300, bytes: 1800) else { throw .warningInvalid }
    return text
  }

  /// What stands in the chat as the voice of the room or of the server: 1 to 300 characters, in lines.
  public static func announcement(_ raw: String) throws(SignalingError) -> String {
    guard let text = lines(raw, characters: 300, bytes: 1800), !text.isEmpty else { throw .announcementInvalid }
    return text
  }

  /// What a room says about its show: at most 300 characters, in lines, or nothing.
  static func notice(_ raw: String) throws(SignalingError) -> String {
    guard let text = lines(raw, characters: 300, bytes: 1800) else { throw .noticeInvalid }
    return text
  }

  /// One line of text that may be empty; `nil` when it is too long.
  static func line(_ raw: String, characters: Int, bytes: Int) -> String? {
    guard raw.utf8.count <= 4 * bytes else { return nil }
    let text = printable(raw)
    return text.count <= characters && text.utf8.count <= bytes ? text : nil
  }

  /// Without control characters and the marks that reorder or hide the text around them, a space for those that part
  /// words or lines, and without white space at the ends; nothing if nothing of it is to be seen. The joiner stays: emoji families and several scripts need it.
  public static func printable(_ raw: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in raw.unicodeScalars {
      if isPrintable(scalar) {
        kept.append(scalar)
      } else if scalar.properties.isWhitespace, kept.last?.properties.isWhitespace == false {
        kept.append(" ")
      }
    }
    var text = String(kept)[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text.unicodeScalars.contains(where: isVisible) ? String(text) : ""
  }

  private static let joiner: Unicode.Scalar = "\u{200D}"

  /// Whether it shows something by itself: no white space, filler or empty pattern, and no mark, which needs a base.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return false
    default: return !properties.isDefaultIgnorableCodePoint && !properties.isWhitespace && scalar != "\u{2800}"
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    case .format: scalar == joiner || (0xE0020...0xE007F).contains(scalar.value)  // tags make regional flags
    default: true
    }
  }
}
