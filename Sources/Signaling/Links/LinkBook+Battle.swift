extension LinkBook {
  /// A host ends his battle early. Before its time that is giving up: he cannot win. One that he has only asked for he
  /// takes back.
  public mutating func endBattle(
    _ id: String, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    var link = try activeLink(id, for: room, by: actor)
    if link.proposal?.room == room.id { return dropProposal(of: link, BattleAnswer(room.id, .cancelled)) }
    guard let battle = link.battle, battle.deadline != nil, battle.scores[room.id] != nil else { throw .battleNone }
    var actions: [LinkAction] = []
    if link.battle?.isRunning == true { actions = finishBattle(of: &link, without: room.id, at: now) }
    link.battle?.state = .over
    store(link)
    return actions + tell(link, .updated(link), all: true)
  }

  /// Somebody in the audience of `room` gave a gift or a like.
  public mutating func score(_ points: Int, for room: String, at now: Instant) -> [LinkAction] {
    guard var link = activeLink(of: room), link.battle != nil else { return [] }
    link.battle?.add(points, to: room, at: now, interval: limits.scoreInterval)
    let actions = announceScores(of: &link, at: now)
    open[link.id] = link
    return actions
  }

  func requireBattle(_ duration: Double?) throws(SignalingError) {
    if let duration, !limits.battle.contains(duration) { throw .battleDuration }
  }

  /// Those who began the battle and are still in the link.
  func contestants(of link: Link) -> [String] {
    link.members.map(\.room.id).filter { link.battle?.scores[$0] != nil }
  }

  /// - Parameter loser: cannot win.
  func finishBattle(of link: inout Link, without loser: String? = nil, at now: Instant) -> [LinkAction] {
    let contestants = contestants(of: link).filter { $0 != loser }
    link.battle?.decide(among: contestants, punishment: limits.punishment, at: now)
    return tell(link, .battleOver(link), all: true)
  }

  func announceScores(of link: inout Link, at now: Instant) -> [LinkAction] {
    guard let battle = link.battle, battle.isRunning, let due = battle.scoresDue, due <= now else { return [] }
    link.battle?.scoresDue = nil
    link.battle?.scoresTold = now
    return link.members.map { [link] in .tell(room: $0.room.id, .everyone, .battleScore(link)) }
  }

  mutating func advanceBattle(of link: Link, at now: Instant) -> [LinkAction] {
    guard let battle = link.battle, battle.deadline != nil else { return [] }
    var link = link
    var actions: [LinkAction] = []
    if case .running(let until) = battle.state, until <= now { actions = finishBattle(of: &link, at: until) }
    if case .punishment(let until) = link.battle?.state, until <= now {
      link.battle?.state = .over
      actions += tell(link, .updated(link), all: true)
    }
    actions += announceScores(of: &link, at: now)
    store(link)
    return actions
  }
}
