/// Somebody known to the server, with the name shown to others.
public struct Person: Hashable, Sendable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// What a user is in one room.
public enum RoomRole: String, Sendable, Codable {
  case host, cohost, viewer
}
