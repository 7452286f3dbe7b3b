import Foundation
import GRDB
import Signaling

/// The store in one SQLite file (write-ahead log, synced on every commit).
struct SQLiteStore: RoomStore, WebhookStore {
  let database: DatabasePool

  /// Opens or makes the file. Rooms that were live when the last process ended wait for their host again.
  init(path: String) throws {
    database = try DatabasePool(path: path)
    // The pool has chosen NORMAL, which may lose what was acknowledged when the machine stops.
    try database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    try StoreMigrations.all.migrate(database)
    try database.write { db in try db.execute(sql: "UPDATE rooms SET status = 'waiting' WHERE status = 'live'") }
    // Output URLs hold stream keys.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  func addRoom(_ room: StoredRoom) async throws -> StoredRoom {
    try await database.write { db in
      try db.execute(
        sql: """
          INSERT INTO rooms (id, host, title, layout, status, width, height, frameRate, bitrate, createdAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          room.id, room.host.id, room.title, room.layout, room.status.rawValue, room.video.width, room.video.height,
          room.video.frameRate, room.video.bitrate, room.createdAt,
        ])
      var stored = room
      stored.sequence = db.lastInsertedRowID
      return stored
    }
  }

  func room(_ id: String) async throws -> StoredRoom? {
    try await database.read { db in
      try Row.fetchOne(db, sql: Self.selectRooms + " WHERE rooms.id = ?", arguments: [id]).map(StoredRoom.init(row:))
    }
  }

  func updateRoom(_ id: String, title: String, layout: String, status: Room.Status) async throws {
    try await database.write { db in
      try db.execute(
        sql: "UPDATE rooms SET title = ?, layout = ?, status = ? WHERE id = ? AND status <> 'ended'",
        arguments: [title, layout, status.rawValue, id])
      if status == .ended { try db.execute(sql: "DELETE FROM outputs WHERE room = ?", arguments: [id]) }
    }
  }

  func rooms(with statuses: [Room.Status], before cursor: Int64?, limit: Int) async throws -> [StoredRoom] {
    let marks = statuses.map { _ in "?" }.joined(separator: ", ")
    let sql = Self.selectRooms + " WHERE status IN (\(marks)) AND sequence < ? ORDER BY sequence DESC LIMIT ?"
    let arguments =
      StatementArguments(statuses.map(\.rawValue)) + StatementArguments([cursor ?? .max, Int64(limit)])
    return try await database.read { db in
      try Row.fetchAll(db, sql: sql, arguments: arguments).map(StoredRoom.init(row:))
    }
  }

  func countRooms() async throws -> [Room.Status: Int] {
    try await database.read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT status, COUNT(*) AS count FROM rooms GROUP BY status")
      return rows.reduce(into: [:]) { counts, row in
        if let status = Room.Status(rawValue: row["status"]) { counts[status] = row["count"] }
      }
    }
  }

  func addOutput(_ output: StoredOutput) async throws {
    try await database.write { db in
      try db.execute(
        sql: "INSERT INTO outputs (id, room, url) VALUES (?, ?, ?)", arguments: [output.id, output.room, output.url])
    }
  }

  func removeOutput(_ id: String, room: String) async throws {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM outputs WHERE id = ? AND room = ?", arguments: [id, room])
    }
  }

  func outputs(of room: String) async throws -> [StoredOutput] {
    try await database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outputs WHERE room = ? ORDER BY rowid", arguments: [room])
        .map { StoredOutput(id: $0["id"], room: $0["room"], url: $0["url"]) }
    }
  }

  private static let selectRooms = "SELECT rooms.*, users.name AS hostName FROM rooms JOIN users ON users.id = host"
}

extension StoredRoom {
  init(row: Row) {
    let video = VideoSettings(
      width: row["width"], height: row["height"], frameRate: row["frameRate"], bitrate: row["bitrate"])
    self.init(
      sequence: row["sequence"], id: row["id"], host: Person(id: row["host"], name: row["hostName"]),
      title: row["title"], layout: row["layout"], status: Room.Status(rawValue: row["status"]) ?? .ended, video: video,
      createdAt: row["createdAt"])
  }
}
