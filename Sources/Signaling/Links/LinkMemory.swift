/// An active link as each of its rooms remembers it: whoever was told of it is told that a restart has ended it.
public struct LinkMemory: Sendable, Equatable, Codable {
  /// A battle that runs.
  public struct BattleMemory: Sendable, Equatable, Codable {
    public let duration: Double
    public let scores: [String: Int]
  }

  public let id: String
  public let requestedBy: String
  public let rooms: [LinkRoom]
  public let battle: BattleMemory?

  /// `nil` unless `room` is a member of it now.
  public init?(_ link: Link, of room: String) {
    guard link.state == .active, link.isMember(room) else { return nil }
    id = link.id
    requestedBy = link.requestedBy
    rooms = link.members.map(\.room)
    battle = link.battle.flatMap { battle in
      battle.isRunning ? BattleMemory(duration: battle.duration, scores: battle.scores) : nil
    }
  }

  /// Whether it says the same but for names and points.
  public func resembles(_ other: LinkMemory?) -> Bool {
    guard let other else { return false }
    return id == other.id && rooms.map(\.id) == other.rooms.map(\.id) && (battle == nil) == (other.battle == nil)
  }
}
