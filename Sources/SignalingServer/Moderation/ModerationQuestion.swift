/// A text that somebody wants to show to others.
struct ModerationQuestion: Encodable, Sendable, Equatable {
  enum Kind: String, Encodable, Sendable {
    case text, danmaku, announcement
    case title, notice, category, tag, application, name
  }

  /// `nil` for what belongs to no room.
  var roomId: String?
  /// `nil` for who is nobody yet.
  let userId: String?
  let name: String
  let kind: Kind
  var text: String
}

/// What the moderation says.
struct ModerationAnswer: Decodable, Sendable, Equatable {
  enum Action: String, Decodable, Sendable { case allow, refuse, replace }

  let action: Action
  /// Instead of the text, with `replace`.
  let text: String?
  /// Shown to the author, with `refuse`.
  let reason: String?
}
