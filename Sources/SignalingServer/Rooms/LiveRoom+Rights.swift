import Logging
import Signaling

extension LiveRoom {
  /// Ends everything that somebody who was banned from the platform has here, and all he has asked for.
  func banish(_ user: String) async {
    wishes[user] = nil
    do {
      try await carryOut(room.banish(user, at: now))
    } catch {
      environment.logger.error("Removing failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  /// The same of everybody who was banned while only the store knew this room.
  func banishBanned() async {
    for user in room.entitled where environment.book.isBanned(user) { await banish(user) }
  }

  /// Refuses who was banned or signed out while something took its time. Whatever a room makes of him without a further
  /// pause is found when that happens later.
  func requireGood(_ caller: Caller?) throws(APIError) { try environment.book.requireGood(caller) }

  /// Who may not use the platform is given nothing in a room, whatever was asked for before.
  func requireUnbanned(_ user: String) throws(APIError) {
    if environment.book.isBanned(user) { throw APIError(.userBanned) }
  }

  /// A backend makes its user a helper of this room, in the host's name.
  func makeAdmin(_ person: Person) async throws(APIError) {
    try await setAdmin(person, true, by: stored.host)
  }
}
