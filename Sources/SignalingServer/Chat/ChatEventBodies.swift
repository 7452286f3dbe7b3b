import Signaling

/// The messages of the events socket that are about the chat.
enum ChatEventBody: Encodable, Sendable {
  case messages(Messages)
  case gift(GiftGiven)
  case likes(Likes)
  case audience(Passing)
  case deleted(Deleted)
  case member(Member)

  struct Messages: Encodable, Sendable {
    let type = "chat.messages"
    let messages: [MessageBody]

    private enum CodingKeys: CodingKey { case type, messages }
  }

  struct GiftGiven: Encodable, Sendable {
    let type = "gift"
    /// The id of the chat message that stands for the combo.
    let message: String
    let giftId: String
    let userId: String
    let name: String
    let count: Int
    let combo: Int

    private enum CodingKeys: CodingKey { case type, message, giftId, userId, name, count, combo }
  }

  struct Likes: Encodable, Sendable {
    let type = "likes"
    let likes: Int
    let added: Int
    let users: [String]

    private enum CodingKeys: CodingKey { case type, likes, added, users }
  }

  struct Passing: Encodable, Sendable {
    let type = "audience"
    let entered: [String]
    let enteredCount: Int
    let left: Int
    let viewers: Int

    private enum CodingKeys: CodingKey { case type, entered, enteredCount, left, viewers }
  }

  struct Deleted: Encodable, Sendable {
    let type = "chat.deleted"
    let id: String

    private enum CodingKeys: CodingKey { case type, id }
  }

  struct Member: Encodable, Sendable {
    let type: String
    let userId: String
    let name: String
    /// Seconds a mute or ban lasts; absent for ever.
    var seconds: Int?
    var reason: String?
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .messages(let body): try body.encode(to: encoder)
    case .gift(let body): try body.encode(to: encoder)
    case .likes(let body): try body.encode(to: encoder)
    case .audience(let body): try body.encode(to: encoder)
    case .deleted(let body): try body.encode(to: encoder)
    case .member(let body): try body.encode(to: encoder)
    }
  }
}

extension ChatEventBody {
  init(_ event: ChatEvent, viewers: Int, clock: ServerClock) {
    switch event {
    case .messages(let messages):
      self = .messages(Messages(messages: messages.map(MessageBody.init)))
    case .gift(let news):
      self = .gift(
        GiftGiven(
          message: news.message, giftId: news.gift, userId: news.giver.id, name: news.giver.name, count: news.count,
          combo: news.combo))
    case .likes(let news): self = .likes(Likes(likes: news.total, added: news.added, users: news.names))
    case .audience(let news):
      self = .audience(
        Passing(entered: news.entered, enteredCount: news.enteredCount, left: news.left, viewers: viewers))
    case .deleted(let id): self = .deleted(Deleted(id: id))
    case .muted(let sanction): self = .member(Member("member.muted", sanction, at: clock.now()))
    case .banned(let sanction): self = .member(Member("member.banned", sanction, at: clock.now()))
    case .unmuted(let user): self = .member(Member(type: "member.unmuted", userId: user.id, name: user.name))
    case .unbanned(let user): self = .member(Member(type: "member.unbanned", userId: user.id, name: user.name))
    }
  }
}

extension ChatEventBody.Member {
  init(_ type: String, _ sanction: Sanction, at now: Instant) {
    let body = SanctionBody(sanction, at: now)
    self.init(type: type, userId: body.userId, name: body.name, seconds: body.seconds, reason: body.reason)
  }
}
