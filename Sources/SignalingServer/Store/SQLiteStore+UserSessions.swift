import Foundation
import GRDB

extension SQLiteStore {
  func addSession(_ session: StoredSession) async throws {
    try await database.write { db in
      try db.execute(
        sql: "INSERT INTO sessions (id, user, refresh, expiresAt) VALUES (?, ?, ?, ?)",
        arguments: [session.id, session.user, session.refresh.map { Data($0) }, session.expiresAt])
    }
  }

  func rotateSession(
    _ id: String, from old: RefreshDigest, to new: RefreshDigest, expiresAt: Int64, at now: Int64
  ) async throws -> SessionRotation {
    try await database.write { db in
      let sql = "SELECT user, refresh FROM sessions WHERE id = ? AND NOT revoked AND expiresAt > ?"
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [id, now]), let refresh: Data = row["refresh"] else {
        return .unknown
      }
      guard refresh == Data(old) else {
        try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE id = ?", arguments: [id])
        return .reused
      }
      try db.execute(
        sql: "UPDATE sessions SET refresh = ?, expiresAt = ? WHERE id = ?", arguments: [Data(new), expiresAt, id])
      return .rotated(user: row["user"])
    }
  }

  func revokeSession(_ id: String) async throws {
    try await database.write { db in
      try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE id = ?", arguments: [id])
    }
  }

  func revokeSessions(of user: String, except kept: String?) async throws -> [String] {
    try await database.write { db in
      let condition = "user = ? AND id IS NOT ? AND NOT revoked"
      let ids = try String.fetchAll(db, sql: "SELECT id FROM sessions WHERE \(condition)", arguments: [user, kept])
      try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE \(condition)", arguments: [user, kept])
      return ids
    }
  }

  func revokedSessions() async throws -> [String] {
    try await database.read { db in try String.fetchAll(db, sql: "SELECT id FROM sessions WHERE revoked") }
  }

  func forgetSessions(expiredBefore now: Int64) async throws -> [String] {
    try await database.write { db in
      let sql = "SELECT id FROM sessions WHERE revoked AND expiresAt <= ?"
      let revoked = try String.fetchAll(db, sql: sql, arguments: [now])
      try db.execute(sql: "DELETE FROM sessions WHERE expiresAt <= ?", arguments: [now])
      return revoked
    }
  }
}
