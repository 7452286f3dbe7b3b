extension ChatRoom {
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
}
