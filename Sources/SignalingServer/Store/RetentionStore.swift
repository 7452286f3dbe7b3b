/// What is removed from the store for good, a little at a time. Times are milliseconds since 1970.
protocol RetentionStore: Sendable {
  /// Rooms that were over by then, with everything about them; returns how many. Banned ones stay as long as they are.
  func removeRooms(endedBy time: Int64, limit: Int) async throws -> Int
  /// Of these names those that no room has.
  func unknownRooms(among names: [String]) async throws -> [String]
  /// Deliveries that were finished by then; returns how many.
  func removeDeliveries(finishedBy time: Int64, limit: Int) async throws -> Int
  /// Looks at the next guests after `id`, and removes whom it has found without sessions, rooms and bans by that time
  /// and ever since.
  func sweepGuests(after id: String, idleBy time: Int64, at now: Int64, limit: Int) async throws -> GuestSweep
}

struct GuestSweep: Sendable, Equatable {
  /// Whom it looked at last; `nil` if nobody is left.
  let last: String?
  var removed: [String] = []
}
