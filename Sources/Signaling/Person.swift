/// Somebody known to the server, with the name shown to others.
public struct Person: Hashable, Sendable, Codable {
  public var id: String
  public var name: String
  /// Runs the server; has a say in every room.
  public var isOperator: Bool

  public init(id: String, name: String, isOperator: Bool = false) {
    self.id = id
    self.name = name
    self.isOperator = isOperator
  }
}

/// What a user is in one room, as others see him.
public enum RoomRole: String, Sendable, Codable {
  case host
  /// A helper of the host who is not on stage.
  case admin
  case cohost, viewer
}
