import Signaling

/// What survives a restart of the chats: messages, likes and gifts.
protocol ChatStore: Sendable {
  /// Makes all changes durable, or none of them.
  func write(_ changes: [ChatChange]) async throws
  func chat(of room: String) async throws -> StoredChat
}

/// One change of one room's chat.
enum ChatChange: Sendable, Equatable {
  /// New, or its gifts became more.
  case message(StoredMessage, room: String)
  case erase(id: String, room: String)
  case likes(Int, room: String)
  case gifts(GiftTotals, room: String)
}

struct StoredChat: Sendable, Equatable {
  var likes = 0
  /// The last ones, oldest first.
  var messages: [StoredMessage] = []
  var gifts = GiftTotals()
}

struct StoredMessage: Sendable, Equatable {
  /// Messages of a room that are kept.
  static let keptPerRoom = 200

  let id: String
  let kind: ChatMessage.Kind
  let author: ChatMessage.Author?
  let text: String
  let gift: ChatMessage.GiftCount?
  /// Milliseconds since 1970.
  let sentAt: Int64
}

extension StoredMessage {
  init(_ message: ChatMessage) {
    self.init(
      id: message.id, kind: message.kind, author: message.author, text: message.text, gift: message.gift,
      sentAt: message.sentAt)
  }

  func message(clock: ServerClock) -> ChatMessage {
    ChatMessage(
      id: id, kind: kind, author: author, text: text, sent: clock.instant(ofWall: sentAt), sentAt: sentAt, gift: gift)
  }
}
