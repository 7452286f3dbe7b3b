import Signaling

/// Rooms that are over and are to be forgotten.
extension RoomRegistry {
  /// Who made the room, be it over or not.
  func owner(of id: String) async throws(APIError) -> String {
    guard let stored = try await stored(id) else { throw .roomUnknown }
    return stored.host.id
  }

  /// Removes everything that is kept of a room that is over.
  func erase(_ id: String) async throws(APIError) {
    if let room = loaded[id] {
      guard await room.room.status == .ended else { throw .roomOpen }
      guard await room.isSettled() else { throw .roomUnavailable }
      forget(room)
    }
    guard let stored = try await stored(id) else { throw .roomUnknown }
    if stored.status != .ended { throw .roomOpen }
    if stored.memory.isClosedForGood { throw APIError(.roomBanned) }
    guard try await store({ try await $0.removeRoom(id) }) else { throw .roomUnavailable }
    environment.recordings.removeAll(of: id)
  }
}
