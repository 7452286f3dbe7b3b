import Foundation
import GRDB
import Signaling

/// A room's memory as the tables keep it.
struct RoomColumns {
  /// Title, layout, status, memory, search, category and tags.
  let values: StatementArguments
  /// As JSON; empty if there are none, `nil` where those that are stored stay.
  private let sanctions: String?

  init(_ memory: RoomMemory, keepsSanctions: Bool = false, host: Person) throws {
    let (info, all, tags) = (memory.info, memory.sanctions, SearchText.lines(memory.info.tags))
    sanctions = try keepsSanctions ? nil : all.isEmpty ? "" : Self.json(all)
    var rest = memory
    rest.sanctions = RoomMemory.Sanctions()
    values = [
      info.title, info.layout, memory.status.rawValue, try Self.json(rest),
      SearchText.room(title: info.title, host: host.name, tags: tags), SearchText.folded(info.category), tags,
    ]
  }

  private static func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  func putSanctions(of room: String, _ db: Database) throws {
    guard let sanctions else { return }
    if sanctions.isEmpty {
      try db.execute(sql: "DELETE FROM sanctions WHERE room = ?", arguments: [room])
    } else {
      try db.execute(
        sql: "INSERT INTO sanctions (room, body) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET body = excluded.body",
        arguments: [room, sanctions])
    }
  }
}
