/// What everybody in a room is told about its chat.
public enum ChatEvent: Sendable, Equatable {
  /// In the order they were sent; never empty.
  case messages([ChatMessage])
  case gift(GiftNews)
  case likes(LikeNews)
  case audience(AudienceNews)
  case deleted(id: String)
  case muted(Sanction)
  case unmuted(Person)
  case banned(Sanction)
  case unbanned(Person)
}

/// Gifts of one kind that one user gave since this was last told.
public struct GiftNews: Sendable, Equatable {
  /// The message that stands for the whole combo.
  public let message: String
  public let gift: String
  public let giver: Person
  public internal(set) var count: Int
  /// All gifts of this combo so far.
  public internal(set) var combo: Int
}

/// Likes since this was last told.
public struct LikeNews: Sendable, Equatable {
  /// All likes this room ever got.
  public internal(set) var total = 0
  public internal(set) var added = 0
  /// Names of the first who gave them.
  public internal(set) var names: [String] = []
}

/// Who came and went since this was last told.
public struct AudienceNews: Sendable, Equatable {
  /// Names of the first who came.
  public internal(set) var entered: [String]
  public internal(set) var enteredCount: Int
  public internal(set) var left: Int

  public init(entered: [String], enteredCount: Int, left: Int) {
    self.entered = entered
    self.enteredCount = enteredCount
    self.left = left
  }
}

/// What the owner of a `ChatRoom` has to do after an operation, in order.
public enum ChatAction: Sendable, Equatable {
  case tell(ChatEvent)
  /// This message is new.
  case store(ChatMessage)
  /// Gifts were given: the message that stands for them, new or grown, and all that the room has got.
  case storeGift(ChatMessage, GiftTotals)
  /// This message is not to be seen again.
  case erase(id: String)
  case storeLikes(Int)
  /// `memory(_:)` has changed and must reach the store.
  case storeSanctions
  /// Gifts and likes count for the room in a battle.
  case score(Int)
}
