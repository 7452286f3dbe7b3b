/// What everybody is told when: gifts before words, words before news.
extension ChatRoom {
  /// Whether people's words may take one more place of the room's second. The gifts that wait have theirs already.
  func hasSpaceForWords(at now: Instant) -> Bool { hasSpace(limits.messagesPerSecond, at: now) }

  /// News about likes and the audience leave half of the room's messages to what people say and give.
  func hasSpaceForNews(at now: Instant) -> Bool { hasSpace(limits.messagesPerSecond / 2, at: now) }

  private func hasSpace(_ share: Int, at now: Instant) -> Bool { flow.hasSpace(share - giftQueue.count, at: now) }

  /// When `flushBatch` has something to do next.
  var batchDue: Instant? {
    let due = batch.messages.isEmpty ? giftQueue.due(whenFree: flow.free) : .zero
    return due.map { max($0, batch.earliest) }
  }

  /// Tells what waits, if it is time. Words were given their places when they were taken; gifts get theirs now.
  mutating func flushBatch(at now: Instant) -> [ChatAction] {
    guard batch.earliest <= now else { return [] }
    var gifts: [GiftNews] = []
    while let news = giftQueue.take(at: now, hasSpace: flow.hasSpace(at: now)) {
      flow.record(at: now)
      gifts.append(news)
    }
    return tell(batch.takeAll(), gifts, at: now)
  }

  /// What somebody has said is told under the name he had, before it is told that he has another one.
  mutating func tellWords(of user: String, at now: Instant) -> [ChatAction] {
    guard batch.messages.contains(where: { $0.author?.person.id == user }) else { return [] }
    return tell(batch.takeAll(), [], at: now)
  }

  /// Nothing that was taken stays untold when the room is over.
  mutating func tellRest(at now: Instant) -> [ChatAction] { tell(batch.takeAll(), giftQueue.takeAll(), at: now) }

  private mutating func tell(_ messages: [ChatMessage], _ gifts: [GiftNews], at now: Instant) -> [ChatAction] {
    let events = (messages.isEmpty ? [] : [ChatEvent.messages(messages)]) + gifts.map(ChatEvent.gift)
    if !events.isEmpty { batch.earliest = now.advanced(bySeconds: limits.batchInterval) }
    return events.map(ChatAction.tell)
  }
}
