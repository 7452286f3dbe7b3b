import Foundation
import GRDB

extension SQLiteStore {
  func addRecording(_ recording: StoredRecording, news: [WebhookEvent] = []) async throws {
    try await database.write { db in
      try db.execute(
        sql: "INSERT INTO recordings (id, room, state, startedAt) VALUES (?, ?, ?, ?)",
        arguments: [recording.id, recording.room, recording.state.rawValue, recording.startedAt])
      try Self.journal(news, db)
    }
  }

  func closeRecording(_ recording: StoredRecording, news: [WebhookEvent] = []) async throws {
    try await database.write { db in
      try Self.close(recording, db)
      if recording.bytes == 0 { try Self.removeOtherEmpty(recording, db) }
      try Self.journal(news, db)
    }
  }

  /// They count for nothing: there could be any number of them.
  private static func removeOtherEmpty(_ recording: StoredRecording, _ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM recordings WHERE room = ? AND state = 'failed' AND bytes = 0 AND id <> ?",
      arguments: [recording.room, recording.id])
  }

  private static func close(_ recording: StoredRecording, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE recordings SET state = ?, reason = ?, endedAt = ?, bytes = ? WHERE id = ?",
      arguments: [
        recording.state.rawValue, recording.reason, recording.endedAt, recording.bytes, recording.id,
      ])
  }

  func removeRecording(_ id: String, room: String, news: [WebhookEvent] = []) async throws {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM recordings WHERE id = ? AND room = ?", arguments: [id, room])
      if db.changesCount == 1 { try Self.journal(news, db) }
    }
  }

  func recording(_ id: String, room: String) async throws -> StoredRecording? {
    try await database.read { db in try Self.recordings("WHERE id = ? AND room = ?", [id, room], db).first }
  }

  func recordings(of room: String, before cursor: Int64?, limit: Int) async throws -> [StoredRecording] {
    let last = cursor ?? .max
    return try await database.read { db in
      try Self.recordings("WHERE room = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?", [room, last, limit], db)
    }
  }

  func countRecordings(of room: String) async throws -> Int {
    try await database.read { db in
      let sql = "SELECT count(*) FROM recordings WHERE room = ? AND (state = 'recording' OR bytes > 0)"
      return try Int.fetchOne(db, sql: sql, arguments: [room]) ?? 0
    }
  }

  func recordings(keptBy host: String) async throws -> KeptRecordings {
    try await database.read { db in
      let rooms = "room IN (SELECT id FROM rooms WHERE host = ?)"
      let sum = "SELECT coalesce(sum(bytes), 0) FROM recordings WHERE \(rooms)"
      let bytes = try Int64.fetchOne(db, sql: sum, arguments: [host]) ?? 0
      let running = try Self.recordings("WHERE state = 'recording' AND \(rooms)", [host], db)
      return KeptRecordings(bytes: bytes, running: running)
    }
  }

  /// What the process before this one has left running is over, and what it has left of files that are in no list goes.
  func wakeRecordings(_ files: RecordingFiles) throws {
    try database.read { db in
      for room in files.rooms {
        let known = try String.fetchSet(db, sql: "SELECT id FROM recordings WHERE room = ?", arguments: [room])
        files.removeStrangers(in: room, known: known)
      }
    }
    let empty = try database.write { db in
      var empty: [StoredRecording] = []
      for var recording in try Self.recordings("WHERE state = 'recording' ORDER BY sequence", [], db) {
        let facts = files.finished(recording)
        let end: RecordingEnd = facts != nil ? .restart : files.exists(recording) ? .empty : .lost
        recording.close(end, bytes: facts?.bytes ?? 0, at: max(facts?.changedAt ?? 0, recording.startedAt))
        try Self.close(recording, db)
        if end == .empty {
          try Self.removeOtherEmpty(recording, db)
          empty.append(recording)
        }
        let title = try String.fetchOne(db, sql: "SELECT title FROM rooms WHERE id = ?", arguments: [recording.room])
        try Self.journal([WebhookEvent(recording.webhookEvent, recording, in: files, title: title ?? "")], db)
      }
      return empty
    }
    for recording in empty { files.remove(recording) }
  }

  func unknownRooms(among names: [String]) async throws -> [String] {
    let list = String(decoding: try JSONEncoder().encode(names), as: UTF8.self)
    return try await database.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT names.value FROM json_each(?) AS names
          WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.id = names.value)
          """, arguments: [list])
    }
  }

  private static func recordings(
    _ tail: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> [StoredRecording] {
    try Row.fetchAll(db, sql: "SELECT * FROM recordings \(tail)", arguments: arguments).map(StoredRecording.init(row:))
  }
}

extension StoredRecording {
  fileprivate init(row: Row) {
    self.init(
      sequence: row["sequence"], id: row["id"], room: row["room"], state: State(rawValue: row["state"]) ?? .failed,
      reason: row["reason"], startedAt: row["startedAt"], endedAt: row["endedAt"], bytes: row["bytes"])
  }
}

extension StoreMigrations {
  static let recordings = """
    CREATE TABLE recordings (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      room TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
      state TEXT NOT NULL,
      reason TEXT,
      startedAt INTEGER NOT NULL,
      endedAt INTEGER,
      bytes INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX recordingsByRoom ON recordings (room, sequence);
    """
}
