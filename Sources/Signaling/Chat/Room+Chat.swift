extension Room {
  /// Somebody writes.
  public mutating func say(
    id: String, _ style: ChatStyle, _ text: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.chat, of: actor, at: now)
    return asRoom(try chat.say(id: id, style, text, by: member(actor, at: now), at: now))
  }

  /// Whether `actor` might write this if it were not for rates; returns the text as it would be shown.
  public func permitText(_ text: String, by actor: Person, at now: Instant) throws(SignalingError) -> String {
    try requireOpen(.chat, of: actor, at: now)
    return try chat.permit(text, by: member(actor, at: now), at: now)
  }

  /// Seconds until `actor` may write again.
  public func textPause(of actor: Person, at now: Instant) -> Double {
    chat.pause(for: member(actor, at: now), at: now)
  }

  /// Somebody gives something; `id` is for the message of a new combo.
  public mutating func give(
    id: String, _ gift: Gift, count: Int, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.sendGift, of: actor, at: now)
    return asRoom(try chat.give(id: id, gift, count: count, by: member(actor, at: now), at: now))
  }

  /// Seconds until `actor` may give something again, if the room can take it.
  public func giftPause(of actor: Person, at now: Instant) -> Double { chat.giftPause(of: actor.id, at: now) }

  public mutating func like(_ count: Int, by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.like, of: actor, at: now)
    return asRoom(try chat.like(count, by: member(actor, at: now), at: now))
  }

  /// Speaks with the server's voice.
  public mutating func announce(
    id: String, _ text: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.announce, of: actor, at: now)
    return asRoom(try chat.announce(id: id, text, by: member(actor, at: now), at: now))
  }

  /// An operator tells this room something that stays in its chat.
  public mutating func notify(
    id: String, _ text: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.operate, of: actor, at: now)
    return asRoom(try chat.notify(id: id, text, at: now))
  }

  mutating func tellNotice(id: String, _ text: String, by actor: Person, at now: Instant) -> [RoomAction] {
    asRoom(chat.tell(id: id, text, by: member(actor, at: now), at: now))
  }

  /// The author takes a message back, or a moderator takes it away.
  public mutating func deleteMessage(_ id: String, by actor: Person, at now: Instant) throws(SignalingError)
    -> [RoomAction]
  {
    try requireOpen(.enter, of: actor, at: now)
    guard let message = chat.message(id) else { throw .chatUnknown }
    if message.author?.person.id != actor.id { try requireDeletion(of: message, by: actor, at: now) }
    return asRoom(try chat.delete(id))
  }

  /// Words of others go by the rank of who wrote them; what nobody here has written is the operators'.
  private func requireDeletion(of message: ChatMessage, by actor: Person, at now: Instant) throws(SignalingError) {
    guard let author = message.author?.person else { return try require(.operate, of: actor, at: now) }
    try require(.deleteMessages, of: actor, at: now)
    if !actor.isOperator { try requireRank(of: actor, over: author) }
  }

  public mutating func mute(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.moderateMembers, of: actor, at: now)
    try requireRank(of: actor, over: user)
    try requireSay(of: actor, in: chat.mute(of: user.id, at: now))
    return asRoom(try chat.mute(user, terms, by: actor, at: now))
  }

  public mutating func unmute(_ user: String, by actor: Person, at now: Instant) throws(SignalingError)
    -> [RoomAction]
  {
    try requireOpen(.moderateMembers, of: actor, at: now)
    try requireSay(of: actor, in: chat.mute(of: user, at: now))
    return asRoom(chat.unmute(user, at: now))
  }

  /// Nobody lifts or changes a mute or ban of his own, and an admin none that the host or an operator imposed.
  func requireSay(of actor: Person, in sanction: Sanction?) throws(SignalingError) {
    guard let sanction else { return }
    if sanction.user.id == actor.id { throw .forbidden }
    if actor.id == host.id || actor.isOperator { return }
    if sanction.by.id == host.id || sanction.by.isOperator { throw .forbidden }
  }

  /// Takes over what the store has of the chat: messages, oldest first, and what is counted.
  public mutating func restoreChat(history: [ChatMessage], likes: Int, gifts: GiftTotals = GiftTotals()) {
    chat.restore(history: history, likes: likes, gifts: gifts)
  }

  /// What time it is on the wall, for what is said from now on.
  public mutating func set(_ wall: WallClock) { chat.wall = wall }

  private func member(_ person: Person, at now: Instant) -> ChatMember {
    ChatMember(
      person, role: role(of: person.id), isAdmin: isAdmin(person.id),
      isFree: allows(.chatFreely, to: person, at: now))
  }

  func asRoom(_ actions: [ChatAction]) -> [RoomAction] {
    actions.map { action in
      switch action {
      case .tell(let event): .tell(.everyone, .chat(event))
      case .storeSanctions: .persist
      case .store, .storeGift, .erase, .storeLikes, .score: .chat(action)
      }
    }
  }
}
