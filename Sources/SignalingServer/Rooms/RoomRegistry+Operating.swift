import MediaControl
import Signaling

/// What operators do to rooms, and what time does to rooms that nobody looks at.
extension RoomRegistry {
  /// Ends a room from outside; everybody in it hears why first.
  func close(_ id: String, reason: String?, by person: Person) async throws(APIError) {
    let room = try await room(id)
    try await close(room, reason: reason, forGood: false, by: person)
  }

  /// Ends a room so that it is never live again, also one that is over.
  func ban(_ id: String, reason: String?, by person: Person) async throws(APIError) {
    guard let stored = try await stored(id) else { throw .roomUnknown }
    if stored.status != .ended || loaded[id] != nil {
      return try await close(try await room(id), reason: reason, forGood: true, by: person)
    }
    if stored.memory.isClosedForGood { return }
    let clock = environment.clock.wall
    var room = Room(id: id, host: stored.host, memory: stored.memory, limits: environment.limits.room, clock)
    do throws(SignalingError) {
      _ = try room.close(forGood: true, by: person, at: clock.now)
    } catch {
      throw APIError(error)
    }
    let memory = room.memory(clock)
    try await store { try await $0.saveRoom(id, memory, host: stored.host, expiry: clock.milliseconds, news: []) }
  }

  private func close(
    _ room: LiveRoom, reason: String?, forGood: Bool, by person: Person
  ) async throws(APIError) {
    if let reason, !reason.isEmpty, await room.room.status != .ended { try await room.warn(reason, by: person) }
    try await room.change { room, now throws(SignalingError) in
      try room.close(forGood: forGood, by: person, at: now)
    }
    loaded[room.id.rawValue] = nil
  }

  /// Forgets rooms that are over and ends those whose host has stayed away, loaded or not.
  func tidy() async {
    for (id, room) in loaded where await room.isOver { loaded[id] = nil }
    let now = ServerClock.wallMilliseconds()
    guard let expired = try? await store({ try await $0.expiredRooms(at: now, limit: 200) }) else { return }
    // A loaded room knows better itself.
    let known = expired.filter { loaded[$0] != nil }
    let later = now + Int64(environment.limits.room.unused * 1000)
    if !known.isEmpty { try? await store { try await $0.postponeRooms(known, until: later) } }
    for id in expired where loaded[id] == nil {
      guard let room = try? await room(id) else { continue }
      try? await room.expire()
      if await room.isOver { loaded[id] = nil }
    }
  }
}
