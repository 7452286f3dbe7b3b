/// A room as other rooms show it: by its host.
public struct LinkedRoom: Hashable, Sendable, Codable {
  /// As many rooms can be linked with each other.
  public static let maximum = 4

  public var room: RoomID
  public var host: UserID

  public init(room: RoomID, host: UserID) {
    self.room = room
    self.host = host
  }
}
