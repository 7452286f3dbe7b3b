import Foundation
import GRDB
import Signaling

extension SQLiteStore {
  func addSession(_ session: StoredSession, of user: StoredUser) async throws -> Bool {
    try await database.write { db in
      try db.execute(
        sql: """
          INSERT INTO sessions (id, user, refresh, issuer, place, expiresAt)
          SELECT ?, id, ?, ?, ?, ? FROM users WHERE id = ? AND password IS ?
          """,
        arguments: [
          session.id, session.refresh.map { Data($0) }, session.issuer, session.place, session.expiresAt, session.user,
          user.password,
        ])
      return db.changesCount == 1
    }
  }

  func rotateSession(_ id: String, by exchange: RefreshExchange) async throws -> SessionRotation {
    try await database.write { db in
      let sql = """
        SELECT user, refresh, preceding, rotatedAt,
          EXISTS (SELECT 1 FROM platformBans WHERE platformBans.user = sessions.user) AS isBanned
        FROM sessions WHERE id = ? AND NOT revoked AND expiresAt > ?
        """
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [id, exchange.now]), let newest: Data = row["refresh"]
      else { return .unknown }
      let isNewest = newest == Data(exchange.old)
      guard isNewest || Self.isRepeat(exchange, of: row) else {
        try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE id = ?", arguments: [id])
        return .reused
      }
      let isBanned: Bool = row["isBanned"]
      if isBanned { return .banned }
      var rotatedAt: Int64? = row["rotatedAt"]
      if isNewest { rotatedAt = exchange.now }
      try db.execute(
        sql: "UPDATE sessions SET refresh = ?, preceding = ?, rotatedAt = ?, expiresAt = ? WHERE id = ?",
        arguments: [Data(exchange.new), Data(exchange.old), rotatedAt, exchange.expiresAt, id])
      return .rotated(user: row["user"])
    }
  }

  /// Whether the newest token has never been shown, and the one before it was exchanged a moment ago: its answer was lost.
  private static func isRepeat(_ exchange: RefreshExchange, of row: Row) -> Bool {
    guard let preceding: Data = row["preceding"], let rotatedAt: Int64 = row["rotatedAt"] else { return false }
    return preceding == Data(exchange.old) && rotatedAt > exchange.repeatsSince
  }

  func revokeSession(_ id: String) async throws {
    try await database.write { db in
      try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE id = ?", arguments: [id])
    }
  }

  func hasSignedIn(_ login: String, from place: String) async throws -> Bool {
    try await database.read { db in
      let sql = "SELECT 1 FROM sessions WHERE user = (SELECT id FROM users WHERE login = ?) AND place = ? LIMIT 1"
      return try Int.fetchOne(db, sql: sql, arguments: [login, place]) != nil
    }
  }

  static func revokeSessions(of user: String, except kept: String?, _ db: Database) throws -> [String] {
    let condition = "user = ? AND id IS NOT ? AND NOT revoked"
    let ids = try String.fetchAll(db, sql: "SELECT id FROM sessions WHERE \(condition)", arguments: [user, kept])
    try db.execute(sql: "UPDATE sessions SET revoked = 1 WHERE \(condition)", arguments: [user, kept])
    return ids
  }

  func whoIsOver(_ callers: [Caller], at now: Int64) async throws -> [Caller] {
    try await database.read { db in
      let statement = try db.makeStatement(
        sql: """
          SELECT 1 FROM sessions WHERE NOT revoked AND expiresAt > :now AND id = :session
          UNION ALL
          SELECT 1 FROM sessions WHERE NOT revoked AND expiresAt > :now AND user = :user AND issuer = :issuer
          LIMIT 1
          """)
      return try callers.filter { caller in
        let arguments: StatementArguments = [
          "now": now, "session": caller.credential, "user": caller.person?.id, "issuer": caller.issuer,
        ]
        return try Int.fetchOne(statement, arguments: arguments) == nil
      }
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
