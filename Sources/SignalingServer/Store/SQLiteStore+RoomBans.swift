import GRDB
import Signaling

/// Rooms that operators have closed for good. That a room is one of them is also in its own memory, which decides.
extension SQLiteStore {
  func putRoomBan(_ ban: StoredRoomBan) async throws {
    try await database.write { db in
      try db.execute(
        sql: """
          INSERT INTO roomBans (room, reason, bannedBy, wasOpen, createdAt) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (room) DO UPDATE
            SET reason = excluded.reason, bannedBy = excluded.bannedBy, wasOpen = excluded.wasOpen
          """,
        arguments: [ban.room, ban.reason, ban.bannedBy, ban.wasOpen, ban.createdAt])
    }
  }

  func removeRoomBan(_ room: String) async throws {
    try await database.write { db in try db.execute(sql: "DELETE FROM roomBans WHERE room = ?", arguments: [room]) }
  }

  func roomBan(_ room: String) async throws -> StoredRoomBan? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "\(Self.selectRoomBans) WHERE room = ?", arguments: [room])
        .map(StoredRoomBan.init(row:))
    }
  }

  func roomBans(before cursor: Int64?, limit: Int) async throws -> [StoredRoomBan] {
    let sql = "\(Self.selectRoomBans) WHERE roomBans.sequence < ? ORDER BY roomBans.sequence DESC LIMIT ?"
    return try await database.read { db in
      try Row.fetchAll(db, sql: sql, arguments: [cursor ?? .max, limit]).map(StoredRoomBan.init(row:))
    }
  }

  private static let selectRoomBans = """
    SELECT roomBans.*, rooms.title AS title, rooms.host AS host, users.name AS hostName
    FROM roomBans JOIN rooms ON rooms.id = room JOIN users ON users.id = rooms.host
    """
}

extension StoredRoomBan {
  fileprivate init(row: Row) {
    self.init(
      sequence: row["sequence"], room: row["room"], title: row["title"],
      host: Person(id: row["host"], name: row["hostName"]), reason: row["reason"], bannedBy: row["bannedBy"],
      wasOpen: row["wasOpen"], createdAt: row["createdAt"])
  }
}
