import Signaling

/// Rooms that operators keep from ever being live, and let be live again.
extension RoomRegistry {
  /// Ends a room so that it is not live again, also one that is over.
  func ban(_ id: String, reason: String?, by person: Person) async throws(APIError) {
    let reason = try Self.reason(reason)
    guard let stored = try await stored(id) else { throw .roomUnknown }
    if stored.memory.isClosedForGood { return }
    let isOpen = stored.status != .ended
    let ban = StoredRoomBan(
      room: id, title: stored.info.title, host: stored.host, reason: reason, bannedBy: person.id, wasOpen: isOpen,
      createdAt: ServerClock.wallMilliseconds())
    // First: a ban that was begun can be finished or lifted, one that nobody knows of could not.
    try await store { try await $0.putRoomBan(ban) }
    // What the store knew may be over by now.
    if try await closeForGood(id, reason: reason, by: person) != isOpen {
      var corrected = ban
      corrected.wasOpen = !isOpen
      try await store { [corrected] in try await $0.putRoomBan(corrected) }
    }
  }

  /// Returns whether the room was open until now.
  private func closeForGood(_ id: String, reason: String, by person: Person) async throws(APIError) -> Bool {
    if let room = try await roomUnlessOver(id) {
      return try await closeForGood(room, reason: reason, by: person)
    }
    guard let stored = try await stored(id) else { throw .roomUnknown }
    guard !stored.memory.isClosedForGood else { throw APIError(.roomBanned) }
    try await change(stored) { room, now throws(SignalingError) in
      try room.close(forGood: true, by: person, at: now)
    }
    return false
  }

  /// Also one that is over and still loaded: it would write over what others do to it in the store.
  private func roomUnlessOver(_ id: String) async throws(APIError) -> LiveRoom? {
    do throws(APIError) { return try await room(id) } catch {
      if error == APIError(.roomEnded) { return nil }
      throw error
    }
  }

  private func closeForGood(
    _ room: LiveRoom, reason: String, by person: Person
  ) async throws(APIError) -> Bool {
    do throws(APIError) { try await warn(room, reason, by: person) } catch {
      if error != APIError(.roomEnded) { throw error }
    }
    let wasOpen = try await room.closeForGood(by: person)
    await forgetEnded(room)
    return wasOpen
  }

  /// A room that the ban has ended waits for its host again.
  func liftBan(of id: String, by person: Person) async throws(APIError) {
    guard let ban = try await store({ try await $0.roomBan(id) }) else { throw .roomBanUnknown }
    // What the ban has ended must have gone altogether.
    if let room = loaded[id] {
      guard await room.isSettled() else { throw .roomUnavailable }
      forget(room)
    }
    guard let stored = try await stored(id) else { throw .roomBanUnknown }
    if stored.memory.isClosedForGood {
      try await change(stored) { room, now throws(SignalingError) in
        try room.lift(reopens: ban.wasOpen, by: person, at: now)
      }
    }
    try await store { try await $0.removeRoomBan(id) }
  }

  func roomBan(_ id: String) async throws(APIError) -> StoredRoomBan {
    guard let ban = try await store({ try await $0.roomBan(id) }) else { throw .roomBanUnknown }
    return ban
  }

  /// Changes a room that only the store knows.
  private func change(
    _ stored: StoredRoom, _ operation: (inout Room, Instant) throws(SignalingError) -> [RoomAction]
  ) async throws(APIError) {
    let clock = environment.clock.wall
    var room = Room(id: stored.id, host: stored.host, memory: stored.memory, limits: environment.limits.room, clock)
    do throws(SignalingError) { _ = try operation(&room, clock.now) } catch { throw APIError(error) }
    let (memory, isOpen) = (room.memory(clock), room.status != .ended)
    let expiry = clock.milliseconds + (isOpen ? Int64(environment.limits.room.unused * 1000) : 0)
    let news = isOpen ? environment.webhooks.news(ofReopening: stored, memory) : []
    try await store {
      try await $0.saveRoom(
        stored.id, memory, keepsSanctions: false, host: stored.host, expiry: expiry, reopens: isOpen, news: news)
    }
    if !news.isEmpty { environment.webhooks.wake() }
  }
}

extension LiveRoom {
  /// Returns whether the room was open until now.
  fileprivate func closeForGood(by person: Person) async throws(APIError) -> Bool {
    let wasOpen = room.status != .ended
    try await change { room, now throws(SignalingError) in try room.close(forGood: true, by: person, at: now) }
    return wasOpen
  }
}

extension WebhookJournal {
  fileprivate func news(ofReopening stored: StoredRoom, _ memory: RoomMemory) -> [WebhookEvent] {
    guard isWanted else { return [] }
    var room = stored
    (room.memory, room.status) = (memory, memory.status)
    let name = WebhookEvent.RoomName(id: room.id, title: memory.info.title)
    return [WebhookEvent(.roomWaiting, room: name, data: WebhookData(room: RoomBody(room)))]
  }
}
