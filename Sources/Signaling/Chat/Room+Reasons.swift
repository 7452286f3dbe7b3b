extension Room {
  /// What `actor` says of why he mutes, bans, removes or refuses somebody, as it is shown; perhaps nothing.
  public func permitReason(_ raw: String, by actor: Person, at now: Instant) throws(SignalingError) -> String {
    try chat.permitReason(raw, by: actor, at: now)
  }

  /// Refuses what `actor`, a host of this room's link or of one that is asked, may not say of why he refuses something.
  public func requireLinkReason(_ raw: String, by actor: Person, at now: Instant) throws(SignalingError) {
    _ = try chat.permitReason(DisplayText.linkReason(raw) ?? "", by: actor, at: now)
  }
}

extension ChatRoom {
  /// Others read a reason as they read any words of his: it needs a voice, and obeys the word filter.
  func permitReason(_ raw: String, by actor: Person, at now: Instant) throws(SignalingError) -> String {
    let text = try DisplayText.reason(raw)
    if text.isEmpty { return text }
    try requireVoice(of: actor, at: now)
    if rules.wordFilter.catches(text) { throw .chatFiltered }
    return text
  }
}
