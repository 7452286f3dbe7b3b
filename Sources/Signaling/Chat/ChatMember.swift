/// Somebody who acts in a chat, with what he is in its room.
public struct ChatMember: Sendable, Equatable {
  public let person: Person
  public let role: RoomRole
  public let isAdmin: Bool
  /// Neither slow mode nor mute-all applies, and he may write more often.
  public let isFree: Bool

  public init(_ person: Person, role: RoomRole, isAdmin: Bool = false, isFree: Bool = false) {
    self.person = person
    self.role = role
    self.isAdmin = isAdmin
    self.isFree = isFree
  }
}
