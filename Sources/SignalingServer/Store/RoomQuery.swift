import Foundation
import GRDB
import Signaling

/// Which rooms somebody looks for.
struct RoomQuery: Sendable, Equatable {
  var statuses: [Room.Status] = [.waiting, .live]
  /// Part of a title, a host's name or a tag, or the whole id of a room.
  var text = ""
  var category = ""
  var tag = ""
  /// The id of the host.
  var host = ""

  /// The store may have to look at every room for it.
  var isSearch: Bool { !(text.isEmpty && category.isEmpty && tag.isEmpty) }
}

extension RoomQuery {
  /// A condition for `WHERE`, with its arguments.
  var condition: (sql: String, arguments: StatementArguments) {
    var parts = ["status IN (\(statuses.map { _ in "?" }.joined(separator: ", ")))"]
    var arguments = StatementArguments(statuses.map(\.rawValue))
    func add(_ sql: String, _ values: String...) {
      parts.append(sql)
      arguments += StatementArguments(values)
    }
    // No room has them, and for the store a text would end, or a line, where they stand.
    if [text, category, tag, host].contains(where: SearchText.isUnwritten) { parts.append("0") }
    if !text.isEmpty {
      let wanted = SearchText.folded(text)
      add("(instr(search, ?) > 0 OR lower(rooms.id) = ?)", wanted, wanted)
    }
    if !category.isEmpty { add("category = ?", SearchText.folded(category)) }
    if !tag.isEmpty { add("instr(tags, ?) > 0", SearchText.line(tag)) }
    if !host.isEmpty { add("host = ?", host) }
    return (parts.joined(separator: " AND "), arguments)
  }
}

/// Text as the store compares it: without regard to case and width.
enum SearchText {
  static func folded(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .widthInsensitive], locale: nil)
  }

  /// It has control characters, NUL among them.
  static func isUnwritten(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  /// A value among others in one column.
  static func line(_ text: String) -> String { "\n\(folded(text))\n" }

  static func lines(_ texts: [String]) -> String { texts.map(line).joined() }

  /// Where parts are looked for.
  /// - Parameter tags: as `lines`.
  static func room(title: String, host: String, tags: String) -> String { lines([title, host]) + tags }
}
