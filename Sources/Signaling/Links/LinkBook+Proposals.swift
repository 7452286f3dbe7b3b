/// Battles inside a link that exists: nobody is drawn into one without his word.
extension LinkBook {
  /// A host of an active link asks all others for a battle of that many seconds.
  public mutating func proposeBattle(
    _ id: String, duration: Double, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    try requireBattle(duration)
    var link = try activeLink(id, for: room, by: actor)
    guard link.battle?.deadline == nil else { throw .battleRunning }
    guard link.proposal == nil else { throw .battleProposed }
    guard battleRate.take(for: room.id, at: now) else { throw .linkTooOften }
    link.proposal = BattleProposal(
      room: room.id, duration: duration, deadline: now.advanced(bySeconds: limits.requestTimeout),
      waiting: Set(link.members.map(\.room.id)).subtracting([room.id]))
    store(link)
    let asked = link.members.filter { $0.room.id != room.id }
    return asked.map { .tell(room: $0.room.id, .host, .battleRequested(link, timeout: limits.requestTimeout)) }
      + [.tell(room: room.id, .host, .updated(link))]
  }

  /// The host of an asked room agrees; with the last word the battle begins.
  public mutating func acceptBattle(
    _ id: String, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    var link = try asked(id, room, by: actor, at: now)
    link.proposal?.waiting.remove(room.id)
    link.proposal?.agreed.insert(room.id)
    return tellAnswer(BattleAnswer(room.id, .accepted), of: link) + settleProposal(of: link, at: now)
  }

  /// The host of an asked room does not want it: there is none.
  public mutating func rejectBattle(
    _ id: String, reason: String? = nil, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    let reason = try DisplayText.linkReason(reason ?? "")
    let link = try asked(id, room, by: actor, at: now)
    return dropProposal(of: link, BattleAnswer(room.id, .rejected, reason: reason))
  }

  /// Nobody has answered in time.
  mutating func expireProposal(of link: Link, at now: Instant) -> [LinkAction] {
    guard let proposal = link.proposal, proposal.deadline <= now else { return [] }
    return dropProposal(of: link, BattleAnswer(proposal.room, .expired))
  }

  mutating func dropProposal(of link: Link, _ answer: BattleAnswer) -> [LinkAction] {
    var link = link
    link.proposal = nil
    store(link)
    return tellAnswer(answer, of: link)
  }

  /// After somebody agreed, or a room has gone: begins what nobody is waited for any more.
  mutating func settleProposal(of link: Link, at now: Instant) -> [LinkAction] {
    guard let proposal = link.proposal else { return [] }
    guard proposal.waiting.isEmpty else {
      store(link)
      return []
    }
    // Rooms that came since take no part.
    let rooms = link.members.map(\.room.id).filter(proposal.contestants.contains)
    guard rooms.count >= 2 else {
      return dropProposal(of: link, BattleAnswer(proposal.room, .cancelled, reason: BattleAnswer.linkEnded))
    }
    var link = link
    link.proposal = nil
    link.battle = Battle(duration: proposal.duration, rooms: rooms, at: now)
    store(link)
    return tell(link, .updated(link), all: true)
  }

  /// The link ends, and what one of its rooms asked with it.
  func voidProposal(of link: inout Link) -> [LinkAction] {
    guard let proposal = link.proposal else { return [] }
    link.proposal = nil
    return tellAnswer(BattleAnswer(proposal.room, .cancelled, reason: BattleAnswer.linkEnded), of: link)
  }

  /// A room has left the link: it is asked no more, and what it asked is void.
  func withoutProposals(of room: String, in link: Link) -> Link {
    var link = link
    if link.proposal?.room == room { link.proposal = nil }
    link.proposal?.waiting.remove(room)
    link.proposal?.agreed.remove(room)
    return link
  }

  private func asked(
    _ id: String, _ room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> Link {
    let link = try activeLink(id, for: room, by: actor)
    guard let proposal = link.proposal, proposal.waiting.contains(room.id), now < proposal.deadline else {
      throw .battleNotProposed
    }
    return link
  }

  func tellAnswer(_ answer: BattleAnswer, of link: Link) -> [LinkAction] {
    link.members.map { .tell(room: $0.room.id, .host, .battleAnswered(link, answer)) }
  }
}
