import GRDB

extension SQLiteStore: RetentionStore {
  func removeRoom(_ id: String) async throws -> Bool {
    try await database.write { db in try Self.removeRooms("rooms", "id = ?", [id], db) == 1 }
  }

  func removeRooms(endedBy time: Int64, limit: Int) async throws -> Int {
    // As the index has it. Left alone, SQLite would go through all that are over each time.
    let ended = "coalesce(json_extract(memory, '$.ended'), createdAt)"
    return try await database.write { db in
      try Self.removeRooms("rooms INDEXED BY roomsByEnd", "\(ended) <= ? ORDER BY \(ended) LIMIT ?", [time, limit], db)
    }
  }

  /// Messages, likes, outputs and sanctions go with their room.
  private static func removeRooms(
    _ source: String, _ condition: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> Int {
    let isRemovable = "status = 'ended' AND NOT EXISTS (SELECT 1 FROM roomBans WHERE roomBans.room = rooms.id)"
    let sql = "SELECT id FROM \(source) WHERE \(isRemovable) AND \(condition)"
    let rooms = try String.fetchAll(db, sql: sql, arguments: arguments)
    for room in rooms {
      // That it is over may still be on its way.
      try db.execute(sql: "DELETE FROM deliveries WHERE room = ? AND state <> 'pending'", arguments: [room])
      try db.execute(sql: "DELETE FROM rooms WHERE id = ?", arguments: [room])
    }
    return rooms.count
  }

  func removeDeliveries(finishedBy time: Int64, limit: Int) async throws -> Int {
    try await database.write { db in
      try db.execute(
        sql: """
          DELETE FROM deliveries WHERE sequence IN (
            SELECT sequence FROM deliveries WHERE finishedAt IS NOT NULL AND finishedAt <= ? AND state <> 'pending' LIMIT ?)
          """, arguments: [time, limit])
      return db.changesCount
    }
  }

  func sweepGuests(after id: String, idleBy time: Int64, at now: Int64, limit: Int) async throws -> GuestSweep {
    try await database.write { db in
      let next = "SELECT id FROM users WHERE id > ? AND kind = 'guest' ORDER BY id LIMIT ?"
      guard let last = try String.fetchAll(db, sql: next, arguments: [id, limit]).last else {
        return GuestSweep(last: nil)
      }
      let guests = "id > ? AND id <= ? AND kind = 'guest'"
      let old = "SELECT id FROM users WHERE \(guests) AND idleSince <= ? AND \(Self.isIdle)"
      let removed = try String.fetchAll(db, sql: old, arguments: [id, last, time])
      for user in removed { try db.execute(sql: "DELETE FROM users WHERE id = ?", arguments: [user]) }
      try db.execute(
        sql: """
          UPDATE users SET idleSince = CASE WHEN idleSince IS NULL THEN ? END
          WHERE \(guests) AND (idleSince IS NULL) = \(Self.isIdle)
          """, arguments: [now, id, last])
      return GuestSweep(last: last, removed: removed)
    }
  }

  /// A user without anything that is his, whom nobody has banned.
  private static let isIdle = """
    (NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user = users.id)
      AND NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.host = users.id)
      AND NOT EXISTS (SELECT 1 FROM platformBans WHERE platformBans.user = users.id))
    """
}
