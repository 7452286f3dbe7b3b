extension ChatRoom {
  /// Somebody gives `count` of a gift; `id` is for the message if a new combo begins. It comes into the history when it is
  /// told: free gifts beyond their share push no words out of it.
  public mutating func give(
    id: String, _ gift: Gift, count: Int, by actor: ChatMember, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    guard (1...99).contains(count) else { throw .giftCount }
    try requireVoice(of: actor, at: now)
    try requireName(of: actor)
    guard giftRate.take(for: actor.person.id, at: now) else { throw .chatTooOften }
    let key = ComboBook.Key(user: actor.person.id, gift: gift.id)
    let message = countUp(id: id, key, count, by: actor, at: now)
    if gift.price > 0 || batch.tells(of: message.id) || freeGiftFlow.hasSpace(at: now) {
      tell(of: gift, message, by: actor, at: now)
    }
    gifts.add(count, of: gift)
    let isKept = keepCount(of: message)
    return [.storeGift(message, isKept: isKept, gifts), .score(gift.points * count)] + flushBatch(at: now)
  }

  /// Brings a combo in the history up to date; `false` if it is not there.
  private mutating func keepCount(of message: ChatMessage) -> Bool {
    guard let index = history.lastIndex(where: { $0.id == message.id }) else { return false }
    history[index] = message
    return true
  }

  /// With what the same combo has brought since it was told last.
  private mutating func tell(of gift: Gift, _ message: ChatMessage, by actor: ChatMember, at now: Instant) {
    let key = ComboBook.Key(user: actor.person.id, gift: gift.id)
    if !combos.isTold(key) { remember(message) }
    let untold = combos.takeUntold(key)
    let news = GiftNews(
      message: message.id, gift: gift.id, giver: actor.person, count: untold, combo: message.gift?.count ?? untold)
    guard batch.add(news) else { return }
    flow.record(at: now)
    if gift.price == 0 { freeGiftFlow.record(at: now) }
  }

  /// The message that stands for the combo, with its new count.
  private mutating func countUp(
    id: String, _ key: ComboBook.Key, _ count: Int, by actor: ChatMember, at now: Instant
  ) -> ChatMessage {
    var message: ChatMessage
    if let running = combos.message(key, at: now) {
      message = running
      message.gift?.count += count
    } else {
      let first = ChatMessage.GiftCount(gift: key.gift, count: count)
      message = ChatMessage(id: id, kind: .gift, author: actor.author, text: "", sent: now, gift: first)
    }
    combos.keep(message, key, until: now.advanced(bySeconds: limits.comboWindow), at: now)
    return message
  }

  /// Somebody likes the show, `count` taps at once.
  public mutating func like(
    _ count: Int, by actor: ChatMember, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    guard (1...20).contains(count) else { throw .likeCount }
    guard likeRate.take(for: actor.person.id, at: now) else { throw .chatTooOften }
    likes += count
    likeNews.added += count
    if likeNews.names.count < 3, !likeNews.names.contains(actor.person.name),
      !rules.wordFilter.catches(actor.person.name)
    {
      likeNews.names.append(actor.person.name)
    }
    likePace.ask(at: now)
    return [.storeLikes(likes), .score(count)] + tellLikes(at: now)
  }

  mutating func tellLikes(at now: Instant) -> [ChatAction] {
    guard likePace.take(at: now, hasSpace: hasSpaceForNews(at: now), patience: limits.newsPatience) else { return [] }
    var news = LikeNews()
    swap(&news, &likeNews)
    news.total = likes
    flow.record(at: now)
    return [.tell(.likes(news))]
  }

  /// News about likes and the audience leave half of the room's messages to people's words.
  func hasSpaceForNews(at now: Instant) -> Bool { flow.hasSpace(limits.messagesPerSecond / 2, at: now) }
}
