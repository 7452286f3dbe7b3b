import Signaling

/// A link as the API shows it.
struct LinkBody: Encodable, Sendable {
  struct LinkedRoomBody: Encodable, Sendable {
    let id: String
    let title: String
    let hostId: String
    let hostName: String
    let score: Int
    /// Shown with the others; otherwise it was asked and has not answered.
    let joined: Bool
    /// Its host is silent or away.
    let away: Bool?
    /// Seconds left for its answer.
    let expiresIn: Double?
  }

  let id: String
  let state: Link.State
  let requestedBy: String
  let rooms: [LinkedRoomBody]
  let battle: BattleBody?
  let battleRequest: BattleRequestBody?
  /// Seconds of the battle that would begin with a pending link.
  let battleDuration: Double?

  private enum CodingKeys: CodingKey { case id, state, requestedBy, rooms, battle, battleRequest, battleDuration }

  init(_ link: Link, at now: Instant) {
    id = link.id
    state = link.state
    requestedBy = link.requestedBy
    battle = link.battle.map { BattleBody($0, at: now) }
    battleRequest = link.proposal.map { BattleRequestBody($0, in: link, at: now) }
    battleDuration = link.state == .pending ? link.proposedBattle : nil
    let members = link.members.map { member in
      LinkedRoomBody(member.room, in: link, away: member.absentUntil != nil, expiresIn: nil)
    }
    rooms =
      members
      + link.invitations.map { invitation in
        LinkedRoomBody(invitation.room, in: link, away: nil, expiresIn: invitation.deadline.left(at: now))
      }
  }

  /// `battle` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(state, forKey: .state)
    try container.encode(requestedBy, forKey: .requestedBy)
    try container.encode(rooms, forKey: .rooms)
    try container.encode(battle, forKey: .battle)
    try container.encodeIfPresent(battleRequest, forKey: .battleRequest)
    try container.encodeIfPresent(battleDuration, forKey: .battleDuration)
  }
}

extension LinkBody.LinkedRoomBody {
  init(_ room: LinkRoom, in link: Link, away: Bool?, expiresIn: Double?) {
    id = room.id
    title = room.title
    hostId = room.host.id
    hostName = room.host.name
    score = link.battle?.scores[room.id] ?? 0
    joined = link.isMember(room.id)
    self.away = away
    self.expiresIn = expiresIn
  }
}

/// A battle as the API shows it.
struct BattleBody: Encodable, Sendable {
  let state: String
  /// Seconds left of this state.
  let endsIn: Double
  let duration: Double
  let scores: [String: Int]
  let winner: String?

  private enum CodingKeys: CodingKey { case state, endsIn, duration, scores, winner }

  init(_ battle: Battle, at now: Instant) {
    state =
      switch battle.state {
      case .running: "running"
      case .punishment: "punishment"
      case .over: "over"
      }
    endsIn = battle.deadline?.left(at: now) ?? 0
    duration = battle.duration
    scores = battle.scores
    winner = battle.winner
  }

  /// `winner` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(state, forKey: .state)
    try container.encode(endsIn, forKey: .endsIn)
    try container.encode(duration, forKey: .duration)
    try container.encode(scores, forKey: .scores)
    try container.encode(winner, forKey: .winner)
  }
}

/// A battle that one room asks for, as the API shows it.
struct BattleRequestBody: Encodable, Sendable {
  let roomId: String
  let duration: Double
  /// Seconds left for the answers.
  let expiresIn: Double
  /// Rooms that have not answered, in the order of the link.
  let waitingFor: [String]

  init(_ proposal: BattleProposal, in link: Link, at now: Instant) {
    roomId = proposal.room
    duration = proposal.duration
    expiresIn = proposal.deadline.left(at: now)
    waitingFor = link.members.map(\.room.id).filter(proposal.waiting.contains)
  }
}

/// What one room answered to the request for a link or a battle, or became of it.
struct LinkAnswerBody: Encodable, Sendable {
  let roomId: String
  let state: String
  let reason: String?

  init(_ answer: LinkAnswer) {
    roomId = answer.room
    state = answer.outcome.rawValue
    reason = answer.reason
  }

  init(_ answer: BattleAnswer) {
    roomId = answer.room
    state = answer.outcome.rawValue
    reason = answer.reason
  }
}

extension Instant {
  /// Seconds until here, in tenths.
  fileprivate func left(at now: Instant) -> Double { (max(0, seconds(since: now)) * 10).rounded() / 10 }
}
