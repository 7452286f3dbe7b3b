/// Two to four rooms whose hosts appear in each other's programmes, or the request that would lead there.
public struct Link: Sendable, Equatable {
  public enum State: String, Sendable, Codable {
    /// One room waits for the first answer.
    case pending
    case active
    case ended, rejected, cancelled, expired
  }

  public struct Member: Sendable, Equatable {
    public internal(set) var room: LinkRoom
    /// The host is silent or away; without him the room leaves the link then.
    public internal(set) var absentUntil: Instant?
  }

  /// A room that was asked and has not answered.
  public struct Invitation: Sendable, Equatable {
    public internal(set) var room: LinkRoom
    /// The room whose host asked.
    public let inviter: String
    public let deadline: Instant
    /// As of a member: between his word and the link its host may vanish.
    var absentUntil: Instant?
  }

  public let id: String
  /// The room that began it.
  public let requestedBy: String
  public internal(set) var state = State.pending
  /// In the order in which they came.
  public internal(set) var members: [Member]
  public internal(set) var invitations: [Invitation] = []
  /// The last rooms that were asked or members and are not any more, while the others go on.
  private(set) var former: [String] = []
  /// The one that runs, or the last one.
  public internal(set) var battle: Battle?
  /// What one of the rooms wants and the others have not agreed to yet.
  public internal(set) var proposal: BattleProposal?
  /// Seconds of the battle that begins with the link.
  public let proposedBattle: Double?

  init(id: String, by room: LinkRoom, battle: Double?) {
    self.id = id
    requestedBy = room.id
    members = [Member(room: room)]
    proposedBattle = battle
  }

  public var isOpen: Bool { state == .pending || state == .active }

  /// Members first, then those that were asked.
  public var rooms: [LinkRoom] { members.map(\.room) + invitations.map(\.room) }

  public func isMember(_ room: String) -> Bool { members.contains { $0.room.id == room } }

  /// Whether `room` is a member or was asked.
  func names(_ room: String) -> Bool { rooms.contains { $0.id == room } }

  /// Whether a host of it has another name now.
  mutating func take(names: [String: String]) -> Bool {
    var isNew = false
    for index in members.indices { isNew = members[index].room.host.take(names) || isNew }
    for index in invitations.indices { isNew = invitations[index].room.host.take(names) || isNew }
    return isNew
  }

  /// What comes late from a room that is out of it is told apart from what is wrong.
  mutating func remember(_ room: String) {
    former.removeAll { $0 == room }
    former.append(room)
    if former.count > 16 { former.removeFirst() }
  }
}

/// How one room answered, or how its request ended otherwise.
public struct LinkAnswer: Sendable, Equatable {
  public let room: String
  /// `active` for yes; `rejected`, `cancelled` or `expired`.
  public let outcome: Link.State
  public let reason: String?
}
