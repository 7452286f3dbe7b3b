extension LinkBook {
  /// A host ends the link for his room; of two rooms none remains. A request is taken back or declined by that.
  public mutating func leave(
    _ id: String, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    _ = try openLink(id, for: room, by: actor)
    return remove(room.id, at: now)
  }

  /// The room is over, or without its host for good.
  public mutating func roomGone(_ room: String, at now: Instant) -> [LinkAction] { remove(room, at: now) }

  /// Nothing is heard of the room's host any more.
  public mutating func hostLost(_ room: String, at now: Instant) -> [LinkAction] {
    let deadline = now.advanced(bySeconds: limits.hostAbsence)
    return changeAbsence(of: room) { $0 = $0 ?? deadline }
  }

  /// The room's host is heard again.
  public mutating func hostReturned(_ room: String) -> [LinkAction] { changeAbsence(of: room) { $0 = nil } }

  /// The host of any of the rooms has a new name.
  public mutating func rename(_ host: Person) -> [LinkAction] {
    var actions: [LinkAction] = []
    for var link in open.values.sorted(by: { $0.id < $1.id }) {
      guard link.take(names: [host.id: host.name]) else { continue }
      store(link)
      actions += tell(link, .updated(link), all: link.state == .active)
    }
    return actions
  }

  private mutating func changeAbsence(of room: String, _ change: (inout Instant?) -> Void) -> [LinkAction] {
    guard let before = link(of: room) else { return [] }
    var link = before
    for index in link.members.indices where link.members[index].room.id == room {
      change(&link.members[index].absentUntil)
    }
    for index in link.invitations.indices where link.invitations[index].room.id == room {
      change(&link.invitations[index].absentUntil)
    }
    guard link != before else { return [] }
    store(link)
    return link.state == .active && link.isMember(room) ? tell(link, .updated(link), all: true) : []
  }

  mutating func remove(_ room: String, at now: Instant) -> [LinkAction] {
    guard let link = link(of: room) else { return [] }
    guard let index = link.members.firstIndex(where: { $0.room.id == room }) else {
      guard let asked = link.invitations.firstIndex(where: { $0.room.id == room }) else { return [] }
      return withdraw(asked, from: link, as: .rejected, at: now)
    }
    if link.state == .pending { return close(link, as: .cancelled, at: now) }
    if link.members.count <= 2 { return closeWithoutVictory(link, of: room, at: now) }
    return drop(index, from: link, at: now)
  }

  /// Two are left and one of them goes: whoever goes cannot win.
  private mutating func closeWithoutVictory(_ link: Link, of room: String, at now: Instant) -> [LinkAction] {
    var (link, actions) = (link, [LinkAction]())
    if link.battle?.isRunning == true { actions = finishBattle(of: &link, without: room, at: now) }
    return actions + close(link, as: .ended, at: now)
  }

  /// The others stay together.
  private mutating func drop(_ index: Int, from link: Link, at now: Instant) -> [LinkAction] {
    var (rest, actions) = (link, [LinkAction]())
    let room = rest.members.remove(at: index).room.id
    rest.invitations.removeAll { $0.inviter == room }
    for invitation in link.invitations where invitation.inviter == room {
      rest.remember(invitation.room.id)
      release(invitation, at: now)
      let answer = LinkAnswer(room: invitation.room.id, outcome: .cancelled, reason: nil)
      actions.append(.tell(room: invitation.room.id, .host, .updated(rest, answer)))
    }
    rest.remember(room)
    release(room)
    if rest.battle?.isRunning == true, contestants(of: rest).count < 2 { actions += finishBattle(of: &rest, at: now) }
    rest = withoutProposals(of: room, in: rest)
    store(rest)
    actions += [.joined(rest.members.map(\.room)), .parted([room])]
    actions.append(.tell(room: room, .everyone, .updated(rest)))
    actions += tell(rest, .updated(rest), all: true)
    if link.proposal?.room == room {
      actions += tellAnswer(BattleAnswer(room, .cancelled, reason: BattleAnswer.linkEnded), of: rest)
    }
    return actions + settleProposal(of: rest, at: now)
  }
}
