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
    await forgetEnded(room)
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
    do throws(SignalingError) { _ = try DisplayText.announcement(text) } catch { throw APIError(error) }
    guard noticePace.take(person.id) else { throw .noticeTooOften }
    let rooms = Array(loaded.values)
    // Several at once: what they store shares a write.
    return await withTaskGroup(of: Bool.self) { group in
      var told = 0
      for (index, room) in rooms.enumerated() {
        if index >= 16, await group.next() == true { told += 1 }
        group.addTask { await room.isTold(text, by: person) }
      }
      for await isTold in group where isTold { told += 1 }
      return told
    }
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

extension LiveRoom {
  /// Whether a notice of an operator stands in this room's chat now, which must be live for that.
  fileprivate func isTold(_ text: String, by person: Person) async -> Bool {
    guard room.status == .live else { return false }
    return (try? await notify(text, by: person)) != nil
  }
}
