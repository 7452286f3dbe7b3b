import Logging
import Signaling

/// People get new names; rooms go by the one that is in the store.
extension RoomRegistry {
  /// Tells every room in use that `person` has a new name. The store knows it already.
  func rename(_ person: Person) async {
    // What is being read may still have the old one.
    for task in loading.values { _ = try? await task.value }
    for room in loaded.values { await room.rename(person) }
    await environment.links.rename(person)
  }
}

extension LiveRoom {
  func rename(_ person: Person) async {
    for socket in socketsOf[person.id] ?? [] { sockets[socket]?.person.name = person.name }
    for session in sessions.values where session.user == person.id { sessions[session.id]?.caller?.person = person }
    do {
      try await carryOut(room.rename(person, at: now))
    } catch {
      environment.logger.error("Renaming failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  /// Takes over the names of those who have got new ones while only the store knew this room.
  func learnNames() async {
    do {
      let names = try await environment.store.names(of: room.named)
      room.take(names: names)
    } catch {
      environment.logger.error("Names could not be read.", metadata: ["room": "\(stored.id)", "error": "\(error)"])
    }
  }
}
