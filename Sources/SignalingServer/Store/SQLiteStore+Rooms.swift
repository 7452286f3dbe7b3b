import Foundation
import GRDB
import Signaling

extension SQLiteStore {
  func addRoom(
    _ room: StoredRoom, expiry: Int64, limit: Int = .max, news: [WebhookEvent] = []
  ) async throws -> StoredRoom? {
    let columns = try RoomColumns(room.memory, host: room.host)
    return try await database.write { db in
      guard try Self.openRooms(of: room.host.id, db) < limit else { return nil }
      try db.execute(
        sql: """
          INSERT INTO rooms (id, host, width, height, frameRate, bitrate, createdAt, expiry,
            title, layout, status, memory, search, category, tags)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          room.id, room.host.id, room.video.width, room.video.height, room.video.frameRate, room.video.bitrate,
          room.createdAt, expiry,
        ] + columns.values)
      var stored = room
      (stored.sequence, stored.expiry) = (db.lastInsertedRowID, expiry)
      try columns.putSanctions(of: room.id, db)
      try Self.journal(news, db)
      return stored
    }
  }

  func openRooms(of host: String) async throws -> Int {
    try await database.read { db in try Self.openRooms(of: host, db) }
  }

  private static func openRooms(of host: String, _ db: Database) throws -> Int {
    let sql = "SELECT count(*) FROM rooms WHERE host = ? AND status <> 'ended'"
    return try Int.fetchOne(db, sql: sql, arguments: [host]) ?? 0
  }

  func room(_ id: String) async throws -> StoredRoom? {
    try await database.read { db in
      guard var room = try Self.select("WHERE rooms.id = ?", [id], db).first else { return nil }
      let sanctions = try String.fetchOne(db, sql: "SELECT body FROM sanctions WHERE room = ?", arguments: [id])
      if let sanctions {
        room.memory.sanctions = try JSONDecoder().decode(RoomMemory.Sanctions.self, from: Data(sanctions.utf8))
      }
      return room
    }
  }

  func saveRoom(
    _ id: String, _ memory: RoomMemory, keepsSanctions: Bool = false, host: Person, expiry: Int64,
    reopens: Bool = false, news: [WebhookEvent] = []
  ) async throws {
    let columns = try RoomColumns(memory, keepsSanctions: keepsSanctions, host: host)
    try await database.write { db in
      try db.execute(
        sql: """
          UPDATE rooms SET title = ?, layout = ?, status = ?, memory = ?, search = ?, category = ?, tags = ?, expiry = ?
          WHERE id = ? AND (status <> 'ended' OR ?)
          """,
        arguments: columns.values + [expiry, id, reopens || memory.status == .ended])
      if db.changesCount == 0 { throw RoomIsOver(room: id) }
      try columns.putSanctions(of: id, db)
      if memory.status == .ended { try db.execute(sql: "DELETE FROM outputs WHERE room = ?", arguments: [id]) }
      try Self.journal(news, db)
    }
  }

  func rooms(_ query: RoomQuery, before cursor: Int64?, limit: Int) async throws -> [StoredRoom] {
    let condition = query.condition
    return try await select(
      "WHERE \(condition.sql) AND sequence < ? ORDER BY sequence DESC LIMIT ?",
      condition.arguments + [cursor ?? .max, Int64(limit)])
  }

  func roomNames(_ query: RoomQuery) async throws -> [String] {
    let condition = query.condition
    return try await database.read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM rooms WHERE \(condition.sql) ORDER BY sequence DESC", arguments: condition.arguments)
    }
  }

  func roomLikes(_ query: RoomQuery) async throws -> [(id: String, likes: Int)] {
    let condition = query.condition
    return try await database.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT rooms.id AS id, coalesce(chats.likes, 0) AS likes FROM rooms LEFT JOIN chats ON chats.room = rooms.id
          WHERE \(condition.sql) ORDER BY sequence DESC
          """, arguments: condition.arguments)
      return rows.map { row in (id: row["id"] as String, likes: row["likes"] as Int) }
    }
  }

  func rooms(named names: [String]) async throws -> [StoredRoom] {
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    return try await select("WHERE rooms.id IN (\(marks))", StatementArguments(names))
  }

  func rooms(withAdmin user: String) async throws -> [String] {
    try await database.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT rooms.id FROM rooms, json_each(rooms.memory, '$.admins') AS admin
          WHERE rooms.status <> 'ended' AND json_extract(admin.value, '$.id') = ?
          """, arguments: [user])
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

  func expiredRooms(at now: Int64, limit: Int) async throws -> [String] {
    try await database.read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM rooms WHERE status <> 'ended' AND expiry <= ? ORDER BY expiry LIMIT ?",
        arguments: [now, limit])
    }
  }

  func postponeRooms(_ names: [String], until expiry: Int64) async throws {
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    try await database.write { db in
      try db.execute(
        sql: "UPDATE rooms SET expiry = ? WHERE id IN (\(marks))", arguments: [expiry] + StatementArguments(names))
    }
  }

  private func select(_ tail: String, _ arguments: StatementArguments) async throws -> [StoredRoom] {
    try await database.read { db in try Self.select(tail, arguments, db) }
  }

  private static func select(
    _ tail: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> [StoredRoom] {
    try Row.fetchAll(db, sql: "\(selectRooms) \(tail)", arguments: arguments).map(StoredRoom.init(row:))
  }

  private static let selectRooms = """
    SELECT rooms.*, users.name AS hostName, coalesce(chats.likes, 0) AS likes, coalesce(chats.gifts, 0) AS gifts,
      coalesce(chats.giftValue, 0) AS giftValue
    FROM rooms JOIN users ON users.id = host LEFT JOIN chats ON chats.room = rooms.id
    """

  /// Whoever was told that a room is live or linked is told that it is so no longer.
  private static func newsOfWaking(_ db: Database) throws -> [WebhookEvent] {
    if try webhooks(db).isEmpty { return [] }
    let rooms = try select("WHERE status = 'live' OR \(isLinked) ORDER BY rooms.sequence", [], db)
    return rooms.flatMap(WebhookEvent.ofWaking)
  }

  private static let isLinked = "json_type(rooms.memory, '$.link') = 'object'"

  /// Nobody is on air when the server starts. Whoever was has as long to come back as after a silence.
  static func wakeRooms(_ db: Database, _ limits: RoomLimits, at now: Int64) throws {
    try journal(newsOfWaking(db), db)
    try db.execute(sql: "UPDATE rooms SET memory = json_remove(memory, '$.link') WHERE \(isLinked)")
    try db.execute(
      sql: """
        UPDATE rooms SET expiry = ? + CASE status WHEN 'live' THEN ? ELSE ? END, status = 'waiting'
        WHERE status <> 'ended'
        """, arguments: [now, Int64(limits.hostAbsence * 1000), Int64(limits.unused * 1000)])
  }
}

extension StoredRoom {
  fileprivate init(row: Row) throws {
    let video = VideoSettings(
      width: row["width"], height: row["height"], frameRate: row["frameRate"], bitrate: row["bitrate"])
    let status = Room.Status(rawValue: row["status"]) ?? .ended
    let json: String? = row["memory"]
    let memory =
      try json.map { try JSONDecoder().decode(RoomMemory.self, from: Data($0.utf8)) }
      ?? RoomMemory(info: RoomInfo(title: row["title"], layout: row["layout"]), status: status)
    self.init(
      sequence: row["sequence"], id: row["id"], host: Person(id: row["host"], name: row["hostName"]), memory: memory,
      status: status, video: video, createdAt: row["createdAt"], likes: row["likes"],
      gifts: GiftTotals(row: row), expiry: row["expiry"])
  }
}
