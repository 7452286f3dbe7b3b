extension ChatRoom {
  /// Somebody gives `count` of a gift; `id` is for the message if a new one has to stand for it. Whatever is taken stands
  /// in the history and is told; what cannot be told soon is refused.
  public mutating func give(
    id: String, _ gift: Gift, count: Int, by actor: ChatMember, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    guard (1...99).contains(count) else { throw .giftCount }
    try requireVoice(of: actor.person, at: now)
    try requireName(of: actor)
    let key = ComboBook.Key(user: actor.person.id, gift: gift.id)
    let running = combos.running(key, at: now)
    let isWaiting = running.map { giftQueue.contains($0.message) } ?? false
    guard isWaiting || canTell(gift, of: key.user, at: now), giftRate.take(for: key.user, at: now) else {
      throw .chatTooOften
    }
    let total = count + (running?.count ?? 0)
    let message = keep(total, of: gift, in: running?.message, orNew: id, by: actor, at: now)
    let ends = now.advanced(bySeconds: limits.comboWindow)
    combos.keep(ComboBook.Combo(message: message.id, count: total, ends: ends), key, at: now)
    let news = GiftNews(message: message.id, gift: gift.id, giver: actor.person, count: count, combo: total)
    tellSoon(news, isPriced: gift.price > 0, at: now)
    gifts.add(count, of: gift)
    return [.storeGift(message, gifts), .score(gift.points * count)] + flushBatch(at: now)
  }

  /// Seconds until `user` may give something again, if the room can take it.
  public func giftPause(of user: String, at now: Instant) -> Double { giftRate.pause(for: user, at: now) }

  /// Whether everybody can be told in time of one combo more.
  private func canTell(_ gift: Gift, of user: String, at now: Instant) -> Bool {
    let latest = now.advanced(bySeconds: limits.giftPatience)
    return giftQueue.hasPlace(isPriced: gift.price > 0) && earliestNews(of: user, at: now) < latest
  }

  private func earliestNews(of user: String, at now: Instant) -> Instant {
    giverPace.next(of: user, isBusy: !hasSpaceForNews(at: now), at: now)
  }

  /// The message that stands for a combo. One that has left the history meanwhile is followed by another.
  private mutating func keep(
    _ total: Int, of gift: Gift, in running: String?, orNew id: String, by actor: ChatMember, at now: Instant
  ) -> ChatMessage {
    if let running, let index = history.lastIndex(where: { $0.id == running }) {
      history[index].gift?.count = total
      return history[index]
    }
    let count = ChatMessage.GiftCount(gift: gift.id, count: total)
    let message = message(id, .gift, of: actor.author, gift: count, at: now)
    remember(message)
    return message
  }

  private mutating func tellSoon(_ news: GiftNews, isPriced: Bool, at now: Instant) {
    let earliest = earliestNews(of: news.giver.id, at: now)
    if !giftQueue.contains(news.message) { giverPace.note(news.giver.id, earliest, at: now) }
    giftQueue.add(news, isPriced: isPriced, from: earliest, until: now.advanced(bySeconds: limits.giftPatience))
  }
}
