import Signaling

/// A chat message as the API shows it.
struct MessageBody: Encodable, Sendable {
  struct GiftBody: Encodable, Sendable {
    let giftId: String
    let count: Int
  }

  /// Whose a notice is.
  enum Source: String, Encodable, Sendable { case room, `operator` }

  let id: String
  let kind: ChatMessage.Kind
  /// Only of notices.
  let from: Source?
  /// Absent when the server itself speaks.
  let userId: String?
  let name: String?
  let role: RoomRole?
  let admin: Bool?
  let text: String
  /// Milliseconds since 1970.
  let sentAt: Int64
  let gift: GiftBody?

  init(_ message: ChatMessage) {
    id = message.id
    kind = message.kind
    from = message.kind != .notice ? nil : message.author == nil ? .operator : .room
    userId = message.author?.person.id
    name = message.author?.person.name
    role = message.author?.role
    admin = message.author?.isAdmin == true ? true : nil
    text = message.text
    sentAt = message.sentAt
    gift = message.gift.map { GiftBody(giftId: $0.gift, count: $0.count) }
  }
}

/// A mute or ban as the API shows it.
struct SanctionBody: Encodable, Sendable {
  let userId: String
  let name: String
  /// Seconds left; absent for ever.
  let seconds: Int?
  let reason: String?
  let byId: String
  let byName: String

  init(_ sanction: Sanction, at now: Instant) {
    userId = sanction.user.id
    name = sanction.user.name
    seconds = sanction.until.map { Int($0.seconds(since: now).rounded(.up)) }
    reason = sanction.reason
    byId = sanction.by.id
    byName = sanction.by.name
  }
}

/// Somebody with his name.
struct MemberBody: Encodable, Sendable {
  let userId: String
  let name: String

  init(_ person: Person) {
    userId = person.id
    name = person.name
  }
}

/// What a user is in a room, and what he may not do there.
struct StandingBody: Encodable, Sendable {
  let role: RoomRole
  let admin: Bool
  let `operator`: Bool
  let muted: Bool
  /// Seconds; absent when not muted, or for ever.
  let mutedFor: Int?
  /// Why he is muted, if that was said.
  let mutedReason: String?
}

struct MessageListBody: Encodable, Sendable {
  let messages: [MessageBody]
  let next: String?

  private enum CodingKeys: CodingKey { case messages, next }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(messages, forKey: .messages)
    try container.encode(next, forKey: .next)
  }
}
