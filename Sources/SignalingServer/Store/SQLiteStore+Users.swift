import Foundation
import GRDB
import Signaling

extension SQLiteStore: UserStore {
  func addUser(_ user: StoredUser) async throws -> Bool {
    try await database.write { db in
      if let login = user.login, try Self.hasLogin(login, db) { return false }
      try db.execute(
        sql: "INSERT INTO users (id, name, kind, login, password, operator, issuer) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          user.id, user.person.name, user.kind.rawValue, user.login, user.password, user.isOperator, user.issuer,
        ])
      return true
    }
  }

  private static func hasLogin(_ login: String, _ db: Database) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE login = ?)", arguments: [login]) ?? false
  }

  func user(id: String) async throws -> StoredUser? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM users WHERE id = ?", arguments: [id]).map(StoredUser.init(row:))
    }
  }

  func user(login: String) async throws -> StoredUser? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM users WHERE login = ?", arguments: [login]).map(StoredUser.init(row:))
    }
  }

  func renameUser(_ id: String, to name: String) async throws {
    try await database.write { db in
      try db.execute(sql: "UPDATE users SET name = ? WHERE id = ?", arguments: [name, id])
      try Self.renameHost(id, to: name, db)
    }
  }

  /// Rooms are found by the name that their host has now. Those in use store it with themselves; this is for the others
  /// and for those that are over.
  private static func renameHost(_ id: String, to name: String, _ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT id, title, tags FROM rooms WHERE host = ?", arguments: [id]) {
      let room: String = row["id"]
      let search = SearchText.room(title: row["title"], host: name, tags: row["tags"])
      try db.execute(sql: "UPDATE rooms SET search = ? WHERE id = ?", arguments: [search, room])
    }
  }

  func names(of users: Set<String>) async throws -> [String: String] {
    let ids = String(decoding: try JSONEncoder().encode(users), as: UTF8.self)
    return try await database.read { db in
      let sql = "SELECT id, name FROM users WHERE id IN (SELECT value FROM json_each(?))"
      let rows = try Row.fetchAll(db, sql: sql, arguments: [ids])
      return Dictionary(uniqueKeysWithValues: rows.map { row in (row["id"] as String, row["name"] as String) })
    }
  }

  func putBackendUser(_ user: StoredUser) async throws -> StoredUser? {
    try await database.write { db in
      try db.execute(
        sql: """
          INSERT INTO users (id, name, kind, issuer) VALUES (?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE issuer IS NOT NULL
          """,
        arguments: [user.id, user.person.name, user.kind.rawValue, user.issuer])
      if db.changesCount == 0 { return nil }
      try Self.renameHost(user.id, to: user.person.name, db)
      return try Row.fetchOne(
        db, sql: "SELECT * FROM users WHERE id = ? AND issuer IS NOT NULL", arguments: [user.id]
      ).map(StoredUser.init(row:))
    }
  }

  func replacePassword(of user: StoredUser, with password: String, keeping session: String?) async throws -> [String]? {
    try await database.write { db in
      try db.execute(
        sql: "UPDATE users SET password = ? WHERE id = ? AND password IS ?",
        arguments: [password, user.id, user.password])
      return db.changesCount == 1 ? try Self.revokeSessions(of: user.id, except: session, db) : nil
    }
  }

  func setOperator(_ id: String?) async throws {
    try await database.write { db in
      try db.execute(sql: "UPDATE users SET operator = (id IS ?) WHERE operator <> (id IS ?)", arguments: [id, id])
    }
  }
}

extension StoredUser {
  init(row: Row) {
    self.init(
      person: Person(id: row["id"], name: row["name"], isOperator: row["operator"]),
      kind: Kind(rawValue: row["kind"]) ?? .guest, password: row["password"], issuer: row["issuer"])
  }
}
