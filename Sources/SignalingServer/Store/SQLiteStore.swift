import Foundation
import GRDB
import Signaling

/// The store in one SQLite file (write-ahead log, synced on every commit).
struct SQLiteStore: RoomStore, WebhookStore {
  let database: DatabasePool

  /// Seconds.
  private static let patience = 5.0

  /// Opens or makes the file. Rooms that were live when the last process ended wait for their host again.
  init(path: String, limits: RoomLimits = RoomLimits()) throws {
    var configuration = Configuration()
    // A server before this one may still be closing the file.
    configuration.busyMode = .timeout(Self.patience)
    database = try DatabasePool(path: path, configuration: configuration)
    // The pool has chosen NORMAL, which may lose what was acknowledged when the machine stops.
    try database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    try StoreMigrations.all.migrate(database)
    try database.write { db in try Self.wakeRooms(db, limits, at: ServerClock.wallMilliseconds()) }
    // Output URLs hold stream keys.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  func addOutput(_ output: StoredOutput, news: [WebhookEvent] = []) async throws {
    try await database.write { db in
      try db.execute(
        sql: "INSERT INTO outputs (id, room, url, allowsPrivate) VALUES (?, ?, ?, ?)",
        arguments: [output.id, output.room, output.url, output.allowsPrivate])
      try Self.journal(news, db)
    }
  }

  func removeOutput(_ id: String, room: String, news: [WebhookEvent] = []) async throws {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM outputs WHERE id = ? AND room = ?", arguments: [id, room])
      if db.changesCount == 1 { try Self.journal(news, db) }
    }
  }

  func outputs(of room: String) async throws -> [StoredOutput] {
    try await database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM outputs WHERE room = ? ORDER BY rowid", arguments: [room])
        .map { StoredOutput(id: $0["id"], room: $0["room"], url: $0["url"], allowsPrivate: $0["allowsPrivate"]) }
    }
  }
}
