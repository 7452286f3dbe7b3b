extension ChatRoom {
  /// Somebody writes; who he is and what he is here is the server's knowledge, never the client's claim.
  public mutating func say(
    id: String, _ style: ChatStyle, _ raw: String, by actor: ChatMember, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    let text = try permit(raw, by: actor, at: now)
    guard actor.isFree || hasSpaceForWords(at: now), takeTurn(actor, at: now) else { throw .chatTooOften }
    if rules.slowMode > 0, !actor.isFree, !slowRate.take(for: actor.person.id, at: now) { throw .chatSlowMode }
    return post(message(id, style.kind, of: actor.author, text, at: now), at: now)
  }

  /// Whether `actor` might write this if it were not for rates; returns the text as it would be shown.
  public func permit(_ raw: String, by actor: ChatMember, at now: Instant) throws(SignalingError) -> String {
    try requireVoice(of: actor.person, at: now)
    if rules.muteAll, !actor.isFree { throw .chatMutedAll }
    let text = try DisplayText.chat(raw)
    if rules.wordFilter.catches(text) { throw .chatFiltered }
    try requireName(of: actor)
    return text
  }

  func requireVoice(of actor: Person, at now: Instant) throws(SignalingError) {
    if mutes.entry(of: actor.id, at: now) != nil { throw .chatMuted }
  }

  /// Who cannot say a word must not sign with it either. The host's name stands on the room anyway.
  func requireName(of actor: ChatMember) throws(SignalingError) {
    if actor.role != .host, rules.wordFilter.catches(actor.person.name) { throw .chatFiltered }
  }

  /// Seconds until `actor` may write again.
  public func pause(for actor: ChatMember, at now: Instant) -> Double {
    let user = actor.person.id
    let rate = actor.isFree ? moderatorRate.pause(for: user, at: now) : textRate.pause(for: user, at: now)
    let slow = rules.slowMode > 0 && !actor.isFree ? slowRate.pause(for: user, at: now) : 0
    return max(rate, slow)
  }

  /// Moderators speak with the server's voice.
  public mutating func announce(
    id: String, _ raw: String, by actor: ChatMember, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    try requireVoice(of: actor.person, at: now)
    let text = try DisplayText.announcement(raw)
    if rules.wordFilter.catches(text) { throw .chatFiltered }
    try requireName(of: actor)
    guard takeTurn(actor, at: now) else { throw .chatTooOften }
    return post(message(id, .system, of: actor.author, text, at: now), at: now)
  }

  /// Whoever runs the server tells something.
  public mutating func notify(id: String, _ raw: String, at now: Instant) throws(SignalingError) -> [ChatAction] {
    let text = try DisplayText.announcement(raw)
    guard noticeRate.take(at: now) else { throw .chatTooOften }
    return post(message(id, .notice, of: nil, text, at: now), at: now)
  }

  /// The room's own notice is a new one.
  mutating func tell(id: String, _ notice: String, by actor: ChatMember, at now: Instant) -> [ChatAction] {
    post(message(id, .notice, of: actor.author, notice, at: now), at: now)
  }

  private mutating func post(_ message: ChatMessage, at now: Instant) -> [ChatAction] {
    flow.record(at: now)
    remember(message)
    batch.add(message)
    return [.store(message)] + flushBatch(at: now)
  }

  private mutating func takeTurn(_ actor: ChatMember, at now: Instant) -> Bool {
    let user = actor.person.id
    return actor.isFree ? moderatorRate.take(for: user, at: now) : textRate.take(for: user, at: now)
  }
}
