import Signaling

extension RoomModel {
  /// Returns what the room asks for, nothing if it refuses.
  @discardableResult
  mutating func attempt(_ operation: RoomOperation, by actor: Person) -> [RoomAction] {
    perform(operation, by: actor) { model, attempt throws(SignalingError) in
      try operation.perform(on: &model, &attempt)
    }
  }

  /// What comes over the room from outside, or is chosen there.
  mutating func undergo(
    _ operation: RoomOperation, _ change: (inout Room, Instant) throws(SignalingError) -> [RoomAction]
  ) -> [RoomAction] {
    perform(operation, by: room.host) { model, _ throws(SignalingError) in
      try change(&model.room, model.now)
    }
  }

  private mutating func perform(
    _ operation: RoomOperation, by actor: Person,
    _ change: (inout RoomModel, inout RoomOperation.Attempt) throws(SignalingError) -> [RoomAction]
  ) -> [RoomAction] {
    let before = room
    operations += 1
    var attempt = RoomOperation.Attempt(actor: actor)
    do throws(SignalingError) {
      let actions = try change(&self, &attempt)
      last = (operation, attempt.actor.id)
      check(operation, attempt, before, actions)
      return actions
    } catch {
      last = (operation, attempt.actor.id)
      check(operation, attempt, before, refusal: error)
      return []
    }
  }

  /// Somebody calls himself otherwise, by a new name or by one that is told.
  @discardableResult
  mutating func rename(_ user: String, to name: String? = nil) -> Person {
    let name = name ?? newName()
    for index in people.indices where people[index].id == user { people[index].name = name }
    return people.first { $0.id == user } ?? Person(id: user, name: name)
  }
}
