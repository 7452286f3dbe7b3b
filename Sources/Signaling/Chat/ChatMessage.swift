/// One entry of a room's chat.
public struct ChatMessage: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable {
    /// Stands in the list.
    case text
    /// Stands in the list and flies over the picture.
    case danmaku
    case gift
    /// Said by the server, or by a moderator with its voice.
    case system
    /// The room's own notice is a new one; without an author, a notice of who runs the server.
    case notice
  }

  /// A gift and how many of it; grows while its combo runs.
  public struct GiftCount: Sendable, Equatable {
    public let gift: String
    public internal(set) var count: Int

    public init(gift: String, count: Int) {
      self.gift = gift
      self.count = count
    }
  }

  public let id: String
  public let kind: Kind
  /// `nil` when the server itself speaks.
  public let author: Author?
  public let text: String
  public let sent: Instant
  /// Milliseconds since 1970 when it was made, and for ever: the clock on the wall may be set.
  public let sentAt: Int64
  public internal(set) var gift: GiftCount?

  public init(
    id: String, kind: Kind, author: Author?, text: String, sent: Instant, sentAt: Int64, gift: GiftCount? = nil
  ) {
    self.id = id
    self.kind = kind
    self.author = author
    self.text = text
    self.sent = sent
    self.sentAt = sentAt
    self.gift = gift
  }
}

extension ChatMessage {
  /// Who wrote a message, and what he was then.
  public struct Author: Sendable, Equatable {
    public let person: Person
    public let role: RoomRole
    public let isAdmin: Bool

    public init(_ person: Person, role: RoomRole, isAdmin: Bool) {
      self.person = person
      self.role = role
      self.isAdmin = isAdmin
    }
  }
}

extension ChatMember {
  var author: ChatMessage.Author { ChatMessage.Author(person, role: role, isAdmin: isAdmin) }
}

/// What may be typed by people.
public enum ChatStyle: String, Sendable, Codable, CaseIterable {
  case text, danmaku

  var kind: ChatMessage.Kind { self == .text ? .text : .danmaku }
}
