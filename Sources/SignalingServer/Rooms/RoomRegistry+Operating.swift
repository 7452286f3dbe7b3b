import MediaControl
import Signaling

/// What operators do to rooms, and what time does to rooms that nobody looks at.
extension RoomRegistry {
  /// Ends a room from outside; everybody in it hears why first.
  func close(_ id: String, reason: String?, by person: Person) async throws(APIError) {
    let reason = try Self.reason(reason)
    let room = try await room(id)
    try await warn(room, reason, by: person)
    try await room.change { room, now throws(SignalingError) in try room.close(by: person, at: now) }
    forget(room)
  }

  static func reason(_ text: String?) throws(APIError) -> String {
    do throws(SignalingError) { return try DisplayText.warning(text ?? "") } catch { throw APIError(error) }
  }

  /// Tells a room why it is about to be over, if there is something to tell.
  func warn(_ room: LiveRoom, _ reason: String, by person: Person) async throws(APIError) {
    if !reason.isEmpty, await room.room.status != .ended { try await room.warn(reason, by: person) }
  }

  /// Tells every live room something; returns how many heard it.
  func notify(_ text: String, by person: Person) async throws(APIError) -> Int {
    guard noticePace.take(person.id) else { throw .noticeTooOften }
    _ = try Self.notice(text)
    var told = 0
    for room in loaded.values where await room.room.status == .live {
      if (try? await room.notify(text, by: person)) != nil { told += 1 }
    }
    return told
  }

  private static func notice(_ text: String) throws(APIError) -> String {
    guard let text = try? DisplayText.warning(text), !text.isEmpty else { throw APIError(.announcementInvalid) }
    return text
  }

  /// Forgets rooms that are over and ends those whose host has stayed away, loaded or not.
  func tidy() async {
    for room in loaded.values where await room.isSettled() { forget(room) }
    let now = ServerClock.wallMilliseconds()
    guard let expired = try? await store({ try await $0.expiredRooms(at: now, limit: 200) }) else { return }
    // A loaded room knows better itself.
    let known = expired.filter { loaded[$0] != nil }
    let later = now + Int64(environment.limits.room.unused * 1000)
    if !known.isEmpty { try? await store { try await $0.postponeRooms(known, until: later) } }
    for id in expired where loaded[id] == nil {
      guard let room = try? await room(id) else { continue }
      try? await room.expire(at: now)
      if await room.isSettled() { forget(room) }
    }
  }
}
