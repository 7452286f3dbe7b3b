import Logging
import Signaling

extension LiveRoom {
  func say(_ style: ChatStyle, _ text: String, by caller: Caller) async throws(APIError) -> MessageBody {
    guard let person = caller.person else { throw .userNeeded }
    let id = RandomName.make("m_")
    do throws(APIError) {
      try requirePermitted { room, now throws(SignalingError) in
        try room.say(id: id, style, text, by: person, at: now)
      }
      let text = try await reviewed(text, as: style == .danmaku ? .danmaku : .text, by: caller)
      return try await message { room, now throws(SignalingError) in
        try room.say(id: id, style, text, by: person, at: now)
      }
    } catch {
      throw error.waiting(room.textPause(of: person, at: now))
    }
  }

  func announce(_ text: String, by caller: Caller) async throws(APIError) -> MessageBody {
    guard let person = caller.person else { throw .userNeeded }
    let id = RandomName.make("m_")
    try requirePermitted { room, now throws(SignalingError) in
      try room.announce(id: id, text, by: person, at: now)
    }
    let text = try await reviewed(text, as: .announcement, by: caller)
    return try await message { room, now throws(SignalingError) in
      try room.announce(id: id, text, by: person, at: now)
    }
  }

  /// A notice of an operator, which no moderation of his own has to see.
  func notify(_ text: String, by person: Person) async throws(APIError) -> MessageBody {
    let id = RandomName.make("m_")
    return try await message { room, now throws(SignalingError) in
      try room.notify(id: id, text, by: person, at: now)
    }
  }

  /// Returns the message that stands for the combo.
  func give(_ gift: String, count: Int, by person: Person) async throws(APIError) -> MessageBody {
    let id = RandomName.make("m_")
    let gifts = environment.gifts
    do throws(APIError) {
      return try await message { room, now throws(SignalingError) in
        let actions = try room.give(id: id, try gifts.gift(gift), count: count, by: person, at: now)
        return room.counted(actions, by: person)
      }
    } catch {
      throw error.waiting(room.giftPause(of: person, at: now), for: .chatTooOften)
    }
  }

  /// Returns all likes of the room.
  func like(_ count: Int, by person: Person) async throws(APIError) -> Int {
    try await change(
      { room, now throws(SignalingError) in
        let actions = try room.like(count, by: person, at: now)
        return room.counted(actions, by: person)
      }, then: { $0.chat.likes })
  }

  func deleteMessage(_ id: String, by person: Person) async throws(APIError) {
    try await change { room, now throws(SignalingError) in try room.deleteMessage(id, by: person, at: now) }
  }

  /// At most `limit` messages before `id`, oldest first, and what to ask for the ones before them.
  func messages(before id: String?, limit: Int) -> MessageListBody {
    let page = room.chat.history(before: id, limit: limit)
    let isMore = page.startIndex > room.chat.history.startIndex
    return MessageListBody(messages: page.map(MessageBody.init), next: isMore ? page.first?.id : nil)
  }

  /// An operation that makes one message, or a combo larger; returns that message.
  private func message(
    _ operation: (inout Room, Instant) throws(SignalingError) -> [RoomAction]
  ) async throws(APIError) -> MessageBody {
    var made: ChatMessage?
    try await change { room, now throws(SignalingError) in
      let actions = try operation(&room, now)
      made = actions.compactMap(\.message).last
      return actions
    }
    guard let made else { throw .internalFault }
    return MessageBody(made)
  }

  func carryOut(_ action: ChatAction) async throws(APIError) {
    switch action {
    case .store(let message): try await journal([entry(of: message)])
    case .storeGift(let message, let totals):
      try await journal([.gifts(totals, room: stored.id), entry(of: message)])
    case .erase(let id): try await journal([.erase(id: id, room: stored.id)])
    case .storeLikes(let likes): try await journal([.likes(likes, room: stored.id)])
    case .tell, .storeSanctions: break
    case .score(let points): await score(points)
    }
  }

  private func entry(of message: ChatMessage) -> ChatChange {
    .message(StoredMessage(message), room: stored.id)
  }

  private func journal(_ changes: [ChatChange]) async throws(APIError) {
    do {
      try await environment.chats.write(changes)
    } catch {
      environment.logger.error("A chat could not be stored.", metadata: ["room": "\(stored.id)", "error": "\(error)"])
      throw .internalFault
    }
  }
}

extension RoomAction {
  /// The one that it makes, or whose gifts became more.
  fileprivate var message: ChatMessage? {
    switch self {
    case .chat(.store(let message)), .chat(.storeGift(let message, _)): message
    default: nil
    }
  }
}
