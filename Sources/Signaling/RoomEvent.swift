/// What happened in a room, as its clients are told.
public enum RoomEvent: Sendable, Equatable {
  /// Title, layout or status changed.
  case roomUpdated
  case requestCreated(StageRequest)
  case requestUpdated(StageRequest)
  case participantJoined(Seat)
  case participantUpdated(Seat)
  case participantLeft(Person, LeaveReason)
  case viewerCount(Int)
  case chat(ChatMessage)
  case roomEnded
}

public enum LeaveReason: String, Sendable, Codable {
  /// Left the stage himself.
  case left
  /// The host removed him.
  case kicked
  /// The connection was lost, and he did not come back in time.
  case lost
  /// The room is over.
  case ended
}

public struct ChatMessage: Sendable, Equatable {
  public let id: String
  public let user: Person
  public let role: RoomRole
  public let text: String
  public let sent: Instant
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
  /// Title, layout or status must reach the store.
  case persist
  /// End everything this user sends to and receives from the stage.
  case closeStage(user: String)
  case setControls(user: String, Controls)
  /// End every session of the room.
  case closeRoom
}
