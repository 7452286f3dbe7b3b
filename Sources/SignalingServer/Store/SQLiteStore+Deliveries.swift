import GRDB

extension SQLiteStore {
  func journal(_ events: [WebhookEvent]) async throws {
    try await database.write { db in try Self.journal(events, db) }
  }

  /// Writes events down in the transaction of what they tell about: neither is there without the other.
  static func journal(_ events: [WebhookEvent], _ db: Database) throws {
    guard !events.isEmpty else { return }
    let webhooks = try webhooks(db)
    for event in events {
      let body = try event.body
      for webhook in webhooks where webhook.wants(event) {
        try insert(WebhookDelivery(of: event, body: body, to: webhook, lane: event.lane), db)
      }
    }
  }

  func addDelivery(_ delivery: WebhookDelivery) async throws {
    try await database.write { db in try Self.insert(delivery, db) }
  }

  private static func insert(_ delivery: WebhookDelivery, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO deliveries (id, webhook, lane, event, type, room, body, createdAt, state, attempts, due)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        delivery.id, delivery.webhook, delivery.lane, delivery.event, delivery.type, delivery.room, delivery.body,
        delivery.createdAt, delivery.state.rawValue, delivery.attempts, delivery.due,
      ])
  }

  func pendingDeliveries(after sequence: Int64, limit: Int) async throws -> [WebhookDelivery.Waiting] {
    try await database.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT sequence, webhook, lane, type, createdAt, attempts, due FROM deliveries
          WHERE state = 'pending' AND sequence > ? ORDER BY sequence LIMIT ?
          """, arguments: [sequence, limit])
      return rows.map { row in
        let item = DeliveryQueue.Item(
          sequence: row["sequence"], lane: row["lane"], createdAt: row["createdAt"], attempts: row["attempts"],
          due: row["due"], isUpdate: (row["type"] as String) == WebhookEventType.roomUpdated.rawValue)
        return WebhookDelivery.Waiting(webhook: row["webhook"], item: item)
      }
    }
  }

  func delivery(_ sequence: Int64) async throws -> WebhookDelivery? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM deliveries WHERE sequence = ?", arguments: [sequence])
        .map(WebhookDelivery.init(row:))
    }
  }

  func delivery(_ id: String, of webhook: String) async throws -> WebhookDelivery? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM deliveries WHERE id = ? AND webhook = ?", arguments: [id, webhook])
        .map(WebhookDelivery.init(row:))
    }
  }

  func deliveries(
    of webhook: String, _ state: WebhookDelivery.State?, before cursor: Int64?, limit: Int
  ) async throws -> [WebhookDelivery] {
    let states = (state.map { [$0] } ?? WebhookDelivery.State.allCases).map(\.rawValue)
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    let arguments =
      StatementArguments([webhook]) + StatementArguments(states) + StatementArguments([cursor ?? .max, Int64(limit)])
    return try await database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM deliveries WHERE webhook = ? AND state IN (\(marks)) AND sequence < ?
          ORDER BY sequence DESC LIMIT ?
          """, arguments: arguments
      ).map(WebhookDelivery.init(row:))
    }
  }

  func updateDelivery(_ delivery: WebhookDelivery) async throws {
    try await database.write { db in
      try db.execute(
        sql: """
          UPDATE deliveries SET state = ?, attempts = ?, due = ?, finishedAt = ?, status = ?, reason = ?
          WHERE sequence = ? AND (state = 'pending' OR ? = 'delivered')
          """,
        arguments: [
          delivery.state.rawValue, delivery.attempts, delivery.due, delivery.finishedAt, delivery.status,
          delivery.reason, delivery.sequence, delivery.state.rawValue,
        ])
    }
  }

  func forgetPending(_ sequences: [Int64]) async throws {
    try await database.write { db in
      for sequence in sequences {
        try db.execute(
          sql: "DELETE FROM deliveries WHERE sequence = ? AND state = 'pending'", arguments: [sequence])
      }
    }
  }

  func dropDeliveries(_ sequences: [Int64], of webhook: String, at now: Int64, keeping kept: Int) async throws {
    try await database.write { db in
      for sequence in sequences {
        try db.execute(
          sql: "UPDATE deliveries SET state = 'dropped', finishedAt = ? WHERE sequence = ? AND state = 'pending'",
          arguments: [now, sequence])
      }
      try db.execute(
        sql: "UPDATE webhooks SET dropped = dropped + ? WHERE id = ?", arguments: [sequences.count, webhook])
      try Self.prune(webhook, keeping: kept, db)
    }
  }

  func pruneDeliveries(of webhook: String, keeping kept: Int) async throws {
    try await database.write { db in try Self.prune(webhook, keeping: kept, db) }
  }

  /// Names the states one by one: so the index leads past all that are pending.
  static func prune(_ webhook: String, keeping kept: Int, _ db: Database) throws {
    let finished = "webhook = ? AND state IN ('delivered', 'failed', 'dropped')"
    try db.execute(
      sql: """
        DELETE FROM deliveries WHERE \(finished) AND sequence <= (
          SELECT sequence FROM deliveries WHERE \(finished) ORDER BY sequence DESC LIMIT 1 OFFSET ?)
        """, arguments: [webhook, webhook, kept])
  }
}

extension WebhookDelivery {
  init(row: Row) {
    self.init(
      sequence: row["sequence"], id: row["id"], webhook: row["webhook"], lane: row["lane"], event: row["event"],
      type: row["type"], room: row["room"], body: row["body"], createdAt: row["createdAt"],
      state: State(rawValue: row["state"]) ?? .failed, attempts: row["attempts"], due: row["due"],
      finishedAt: row["finishedAt"], status: row["status"], reason: row["reason"])
  }
}
