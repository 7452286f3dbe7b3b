import Logging
import Signaling

extension LiveRoom {
  /// Ends everything that somebody who was banned from the platform has here, and takes him off the stage.
  func banish(_ user: String) async {
    for socket in sockets.values where socket.person.id == user { socket.outbox.close(.removed) }
    await closeSessions { $0.user == user }
    wishes[user] = nil
    do {
      try await carryOut(room.publishStopped(by: user, .kicked, at: now))
    } catch {
      environment.logger.error("Removing failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  /// A backend makes its user a helper of this room, in the host's name.
  func makeAdmin(_ person: Person) async throws(APIError) {
    try await setAdmin(person, true, by: stored.host)
  }
}
