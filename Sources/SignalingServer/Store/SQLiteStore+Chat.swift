import GRDB
import Signaling

extension SQLiteStore: ChatStore {
  func write(_ changes: [ChatChange]) async throws {
    try await database.write { db in
      for change in changes { try Self.apply(change, db) }
      for room in Set(changes.compactMap(\.roomWithMessage)) { try Self.prune(room, db) }
    }
  }

  func chat(of room: String) async throws -> StoredChat {
    try await database.read { db in
      let counts = try Row.fetchOne(
        db, sql: "SELECT likes, gifts, giftValue FROM chats WHERE room = ?", arguments: [room])
      let messages = try Row.fetchAll(
        db, sql: "SELECT * FROM messages WHERE room = ? ORDER BY sequence", arguments: [room])
      var chat = StoredChat(messages: messages.map(StoredMessage.init(row:)))
      if let counts {
        chat.likes = counts["likes"]
        chat.gifts = GiftTotals(row: counts)
      }
      return chat
    }
  }

  private static func apply(_ change: ChatChange, _ db: Database) throws {
    switch change {
    case .message(let message, let room): try insert(message, room, db)
    case .erase(let id, let room):
      try db.execute(sql: "DELETE FROM messages WHERE id = ? AND room = ?", arguments: [id, room])
    case .likes(let likes, let room):
      try db.execute(
        sql: "INSERT INTO chats (room, likes) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET likes = excluded.likes",
        arguments: [room, likes])
    case .gifts(let totals, let room):
      try db.execute(
        sql: """
          INSERT INTO chats (room, gifts, giftValue) VALUES (?, ?, ?)
          ON CONFLICT (room) DO UPDATE SET gifts = excluded.gifts, giftValue = excluded.giftValue
          """, arguments: [room, totals.count, totals.value])
    }
  }

  private static func insert(_ message: StoredMessage, _ room: String, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO messages (id, room, kind, user, name, role, admin, text, gift, count, sentAt)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET count = excluded.count
        """,
      arguments: [
        message.id, room, message.kind.rawValue, message.author?.person.id, message.author?.person.name,
        message.author?.role.rawValue, message.author?.isAdmin, message.text, message.gift?.gift, message.gift?.count,
        message.sentAt,
      ])
  }

  private static func prune(_ room: String, _ db: Database) throws {
    try db.execute(
      sql: """
        DELETE FROM messages WHERE room = ?1 AND sequence <=
          (SELECT sequence FROM messages WHERE room = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
        """,
      arguments: [room, StoredMessage.keptPerRoom])
  }
}

extension ChatChange {
  fileprivate var roomWithMessage: String? {
    if case .message(_, let room) = self { room } else { nil }
  }
}

extension GiftTotals {
  init(row: Row) { self.init(count: row["gifts"], value: row["giftValue"]) }
}

extension StoredMessage {
  init(row: Row) {
    let (user, name): (String?, String?) = (row["user"], row["name"])
    let role = (row["role"] as String?).flatMap(RoomRole.init(rawValue:)) ?? .viewer
    var author: ChatMessage.Author?
    if let user, let name {
      author = ChatMessage.Author(Person(id: user, name: name), role: role, isAdmin: row["admin"] ?? false)
    }
    let gift: String? = row["gift"]
    self.init(
      id: row["id"], kind: ChatMessage.Kind(rawValue: row["kind"]) ?? .text, author: author, text: row["text"],
      gift: gift.map { ChatMessage.GiftCount(gift: $0, count: row["count"] ?? 1) }, sentAt: row["sentAt"])
  }
}
