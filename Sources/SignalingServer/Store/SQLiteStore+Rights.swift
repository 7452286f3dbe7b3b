import Foundation
import GRDB
import Signaling

/// API keys and bans of the platform.
extension SQLiteStore {
  func addKey(_ key: StoredKey) async throws {
    try await database.write { db in
      try db.execute(
        sql: "INSERT INTO apiKeys (id, name, hash, createdAt) VALUES (?, ?, ?, ?)",
        arguments: [key.id, key.name, Data(key.hash), key.createdAt])
    }
  }

  func keys() async throws -> [StoredKey] {
    try await database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM apiKeys ORDER BY createdAt, id").map { row in
        StoredKey(
          id: row["id"], name: row["name"], hash: [UInt8](row["hash"] as Data), createdAt: row["createdAt"])
      }
    }
  }

  func removeKey(_ id: String) async throws -> Bool {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM sessions WHERE issuer = ?", arguments: [id])
      try db.execute(sql: "DELETE FROM apiKeys WHERE id = ?", arguments: [id])
      return db.changesCount > 0
    }
  }

  func putBan(_ ban: StoredBan) async throws {
    try await database.write { db in
      try db.execute(
        sql: """
          INSERT INTO platformBans (user, reason, bannedBy, createdAt) VALUES (?, ?, ?, ?)
          ON CONFLICT (user) DO UPDATE SET reason = excluded.reason, bannedBy = excluded.bannedBy
          """,
        arguments: [ban.user.id, ban.reason, ban.bannedBy, ban.createdAt])
    }
  }

  func removeBan(_ user: String) async throws -> Bool {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM platformBans WHERE user = ?", arguments: [user])
      return db.changesCount > 0
    }
  }

  func ban(_ user: String) async throws -> StoredBan? {
    try await database.read { db in
      try Row.fetchOne(db, sql: Self.selectBans + " WHERE user = ?", arguments: [user]).map(StoredBan.init(row:))
    }
  }

  func bannedUsers() async throws -> [String] {
    try await database.read { db in try String.fetchAll(db, sql: "SELECT user FROM platformBans") }
  }

  func bans(before cursor: Int64?, limit: Int) async throws -> [StoredBan] {
    let sql = Self.selectBans + " WHERE sequence < ? ORDER BY sequence DESC LIMIT ?"
    return try await database.read { db in
      try Row.fetchAll(db, sql: sql, arguments: [cursor ?? .max, limit]).map(StoredBan.init(row:))
    }
  }

  private static let selectBans =
    "SELECT platformBans.*, users.name AS name FROM platformBans JOIN users ON users.id = user"
}

extension StoredBan {
  init(row: Row) {
    self.init(
      sequence: row["sequence"], user: Person(id: row["user"], name: row["name"]), reason: row["reason"],
      bannedBy: row["bannedBy"],
      createdAt: row["createdAt"])
  }
}
