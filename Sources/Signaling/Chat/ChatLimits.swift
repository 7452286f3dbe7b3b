/// Sizes, times and rates of a room's chat.
public struct ChatLimits: Sendable, Equatable {
  /// Messages that newcomers are shown.
  public var history = 200
  /// What a room is told in any one second: gifts before words, words before news. System messages and what moderators
  /// write always pass and take the place of others' words.
  public var messagesPerSecond = 40
  /// Seconds between two batches of messages.
  public var batchInterval = 0.1
  public var textBurst = 3
  public var textInterval = 1.0
  /// How many times as often host, admins and operators may write.
  public var moderatorFactor = 3
  public var likeBurst = 2
  public var likeInterval = 0.5
  public var giftBurst = 10
  public var giftInterval = 0.2
  /// Combos that everybody is still to be told of; beyond it gifts are refused, free ones from half of it on.
  public var waitingGifts = 40
  /// Seconds within which everybody is told of a gift, whatever else the room is told.
  public var giftPatience = 2.0
  /// Seconds from one message about gifts of the same user to the next while the room is busy.
  public var giverInterval = 1.0
  /// Notices of operators in one room.
  public var noticeBurst = 5
  public var noticeInterval = 1.0
  /// Seconds after which the same gift of the same user begins a new combo.
  public var comboWindow = 5.0
  /// Seconds between two messages about likes, and about who came and went.
  public var likesInterval = 1.0
  public var audienceInterval = 2.0
  /// Seconds such news wait at most while more important messages fill the room.
  public var newsPatience = 5.0
  /// Mutes, and bans, of one room.
  public var sanctions = 5000

  public init() {}
}
