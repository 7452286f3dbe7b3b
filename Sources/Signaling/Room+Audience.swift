extension Room {
  /// People who follow the room without a seat. The host is never a viewer.
  public var viewers: Int { audience.count { role(of: $0.key) == .viewer } }

  /// One more connection of `user` follows the room.
  public mutating func joinAudience(_ user: String, at now: Instant) {
    audience[user, default: 0] += 1
    scheduleViewerCount(at: now)
  }

  public mutating func leaveAudience(_ user: String, at now: Instant) {
    guard let connections = audience[user] else { return }
    audience[user] = connections > 1 ? connections - 1 : nil
    scheduleViewerCount(at: now)
  }

  /// Somebody says something; identity and role are the server's, never the client's.
  public mutating func chat(
    id: String, text: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    let text = try DisplayText.chat(text)
    guard chatRate.take(for: actor.id, at: now), roomChatRate.take(at: now) else { throw .chatTooOften }
    let message = ChatMessage(id: id, user: actor, role: role(of: actor.id), text: text, sent: now)
    chatHistory.append(message)
    if chatHistory.count > limits.chatHistory { chatHistory.removeFirst() }
    return [.tell(.everyone, .chat(message))]
  }

  private mutating func scheduleViewerCount(at now: Instant) {
    if nextViewerCount == nil { nextViewerCount = now.advanced(bySeconds: limits.viewerCountInterval) }
  }

  mutating func announceViewers(at now: Instant) -> [RoomAction] {
    guard let due = nextViewerCount, due <= now else { return [] }
    nextViewerCount = nil
    let count = viewers
    guard count != announcedViewers else { return [] }
    announcedViewers = count
    return [.tell(.everyone, .viewerCount(count))]
  }
}
