/// What happened in a room, as its clients are told.
public enum RoomEvent: Sendable, Equatable {
  /// Title, layout, other information, settings or status changed.
  case roomUpdated
  case requestCreated(StageRequest)
  case requestUpdated(StageRequest)
  /// A pending request is shown otherwise: by another place in the queue, or another name.
  case requestChanged(StageRequest)
  /// How many applications wait.
  case applicationCount(Int)
  case participantJoined(Seat)
  case participantUpdated(Seat)
  case participantLeft(Person, LeaveReason)
  case seatsChanged
  case adminChanged(Person, isAdmin: Bool)
  /// Somebody in the room, or named in one of its lists, has another name.
  case memberRenamed(Person)
  case viewerCount(Int)
  case chat(ChatEvent)
  /// An operator has something to say about this room.
  case roomWarned(String)
  case roomEnded
}

public enum LeaveReason: String, Sendable, Codable {
  /// Left the stage himself.
  case left
  /// The host or a helper removed him.
  case kicked
  /// He may not be in this room any more.
  case banned
  /// The connection was lost, and he did not come back in time.
  case lost
  /// He published, but no media of his came in time.
  case noMedia = "no-media"
  /// The room is over.
  case ended
}

/// Who is told.
public enum Audience: Sendable, Equatable {
  case everyone
  /// Only these users.
  case users(Set<String>)
}

/// What the owner of a `Room` has to do after an operation, in order.
public enum RoomAction: Sendable, Equatable {
  case tell(Audience, RoomEvent)
  /// `memory(_:)` has changed and must reach the store.
  case persist
  /// End everything this user sends to and receives from the stage.
  case closeStage(user: String)
  case setControls(user: String, Controls)
  /// End everything this user has open in the room, sockets and the programme included.
  case expel(user: String)
  /// What its chat asks for besides telling.
  case chat(ChatAction)
  /// End every session of the room.
  case closeRoom
}
