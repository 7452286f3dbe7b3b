import Foundation
import GRDB

extension SQLiteStore {
  func addWebhook(_ webhook: Webhook) async throws {
    try await write(
      webhook,
      """
      INSERT INTO webhooks (url, events, rooms, format, isEnabled, reason, secret, createdAt, id, dropped)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
      """, [webhook.secret, webhook.createdAt])
  }

  func updateWebhook(_ webhook: Webhook) async throws {
    try await write(
      webhook,
      "UPDATE webhooks SET url = ?, events = ?, rooms = ?, format = ?, isEnabled = ?, reason = ? WHERE id = ?")
  }

  private func write(_ webhook: Webhook, _ sql: String, _ more: StatementArguments = []) async throws {
    let events = try JSONEncoder().encode(webhook.events)
    let rooms = try webhook.rooms.map { try JSONEncoder().encode($0) }
    let columns: StatementArguments = [
      webhook.url, String(decoding: events, as: UTF8.self), rooms.map { String(decoding: $0, as: UTF8.self) },
      webhook.format.rawValue, webhook.isEnabled, webhook.reason,
    ]
    try await database.write { db in try db.execute(sql: sql, arguments: columns + more + [webhook.id]) }
  }

  func removeWebhook(_ id: String) async throws {
    try await database.write { db in try db.execute(sql: "DELETE FROM webhooks WHERE id = ?", arguments: [id]) }
  }

  func webhook(_ id: String) async throws -> Webhook? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM webhooks WHERE id = ?", arguments: [id]).map(Webhook.init(row:))
    }
  }

  func webhooks() async throws -> [Webhook] {
    try await database.read { db in try Self.webhooks(db) }
  }

  func disableWebhook(_ id: String, reason: String, at now: Int64, keeping kept: Int) async throws {
    try await database.write { db in
      try db.execute(
        sql: "UPDATE webhooks SET isEnabled = 0, reason = ? WHERE id = ?", arguments: [reason, id])
      try db.execute(
        sql: "UPDATE deliveries SET state = 'dropped', finishedAt = ? WHERE webhook = ? AND state = 'pending'",
        arguments: [now, id])
      try Self.prune(id, keeping: kept, db)
    }
  }

  static func webhooks(_ db: Database) throws -> [Webhook] {
    try Row.fetchAll(db, sql: "SELECT * FROM webhooks ORDER BY rowid").map(Webhook.init(row:))
  }
}

extension Webhook {
  init(row: Row) throws {
    let decoder = JSONDecoder()
    let rooms: String? = row["rooms"]
    self.init(
      id: row["id"], url: row["url"],
      events: try decoder.decode([WebhookEventPattern].self, from: Data((row["events"] as String).utf8)),
      rooms: try rooms.map { try decoder.decode([String].self, from: Data($0.utf8)) },
      format: Format(rawValue: row["format"]) ?? .standard, secret: row["secret"], isEnabled: row["isEnabled"],
      reason: row["reason"], createdAt: row["createdAt"], dropped: row["dropped"])
  }
}
