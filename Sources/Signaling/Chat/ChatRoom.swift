/// The rules of one room's chat: who may write, how much, and what everybody is told when.
///
/// A value like `Room`: who acts, what he is and the time are arguments.
public struct ChatRoom: Sendable, Equatable {
  public let limits: ChatLimits
  public private(set) var rules = ChatRules()
  /// By which messages are dated.
  public var wall = WallClock(now: .zero, milliseconds: 0)
  /// The last messages, oldest first.
  public internal(set) var history: [ChatMessage] = []
  public internal(set) var likes = 0
  public internal(set) var gifts = GiftTotals()

  var mutes = SanctionList()
  var bans = SanctionList()
  var batch = MessageBatch()
  var combos = ComboBook()
  var giftQueue: GiftQueue
  var giverPace: GiverPace
  var flow: MessageFlow
  var deletions: [Deletion] = []
  var likeNews = LikeNews()
  var likePace: NewsPace
  var passing = PassingNews()
  var passingPace: NewsPace
  var textRate: TokenBuckets
  var moderatorRate: TokenBuckets
  var slowRate = TokenBuckets(burst: 1, interval: 0)
  var likeRate: TokenBuckets
  var giftRate: TokenBuckets
  var noticeRate: TokenBucket

  public init(limits: ChatLimits = ChatLimits()) {
    self.limits = limits
    flow = MessageFlow(limit: limits.messagesPerSecond)
    giftQueue = GiftQueue(limit: limits.waitingGifts)
    giverPace = GiverPace(interval: limits.giverInterval)
    likePace = NewsPace(interval: limits.likesInterval)
    passingPace = NewsPace(interval: limits.audienceInterval)
    textRate = TokenBuckets(burst: limits.textBurst, interval: limits.textInterval)
    moderatorRate = TokenBuckets(
      burst: limits.textBurst * limits.moderatorFactor,
      interval: limits.textInterval / Double(limits.moderatorFactor))
    likeRate = TokenBuckets(burst: limits.likeBurst, interval: limits.likeInterval)
    noticeRate = TokenBucket(burst: limits.noticeBurst, interval: limits.noticeInterval)
    giftRate = TokenBuckets(burst: limits.giftBurst, interval: limits.giftInterval)
  }

  public mutating func set(_ rules: ChatRules) {
    if rules.slowMode != self.rules.slowMode {
      slowRate = TokenBuckets(burst: 1, interval: Double(rules.slowMode))
    }
    self.rules = rules
  }

  /// When `advance(to:)` has something to do next.
  public var nextDeadline: Instant? {
    [batchDue, likePace.due, passingPace.due].compactMap { $0 }.min()
  }

  /// Tells what was gathered and is due.
  public mutating func advance(to now: Instant) -> [ChatAction] {
    flushBatch(at: now) + tellLikes(at: now) + tellPassing(at: now)
  }

  /// One that is made now.
  func message(
    _ id: String, _ kind: ChatMessage.Kind, of author: ChatMessage.Author?, _ text: String = "",
    gift: ChatMessage.GiftCount? = nil, at now: Instant
  ) -> ChatMessage {
    ChatMessage(
      id: id, kind: kind, author: author, text: text, sent: now, sentAt: wall.milliseconds(of: now), gift: gift)
  }

  mutating func remember(_ message: ChatMessage) {
    history.append(message)
    if history.count > limits.history { history.removeFirst(history.count - limits.history) }
  }
}
