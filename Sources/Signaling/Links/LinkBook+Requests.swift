extension LinkBook {
  /// The host of one room asks the host of another to link both, with a battle of that many seconds or without. What he
  /// was asked himself he declines by that.
  public mutating func request(
    id: String, from party: LinkParty, to target: LinkParty, battle: Double? = nil, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    if actor.id != party.room.host.id { throw .forbidden }
    try requireBattle(battle)
    if link(of: party.room.id)?.isMember(party.room.id) == true { throw .linkBusy }
    try party.requireReady()
    let link = Link(id: id, by: party.room, battle: battle)
    try requireAskable(target, into: link, by: party.room, at: now)
    // Who asks has something else in mind than what he was asked.
    return remove(party.room.id, at: now) + ask(target, into: link, by: party.room, at: now)
  }

  /// A member asks a further room.
  public mutating func invite(
    _ target: LinkParty, into id: String, from room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    let link = try openLink(id, for: room, by: actor)
    guard link.isMember(room.id) else { throw .linkPending }
    if link.battle?.isRunning == true { throw .battleRunning }
    try requireAskable(target, into: link, by: room, at: now)
    return ask(target, into: link, by: room, at: now)
  }

  private mutating func requireAskable(
    _ target: LinkParty, into link: Link, by room: LinkRoom, at now: Instant
  ) throws(SignalingError) {
    // A host cannot stand beside himself.
    if link.rooms.contains(where: { $0.id == target.room.id || $0.host.id == target.room.host.id }) { throw .linkSelf }
    if link.rooms.count >= limits.rooms { throw .linkFull }
    try requireFree(target.room.id)
    try target.requireReady()
    if refused.mustWait(room.id, for: target.room.id, at: now) { throw .linkTooOften }
    guard requestRate.take(for: room.id, at: now) else { throw .linkTooOften }
  }

  private mutating func ask(
    _ target: LinkParty, into link: Link, by room: LinkRoom, at now: Instant
  ) -> [LinkAction] {
    var link = link
    link.invitations.append(
      Link.Invitation(
        room: target.room, inviter: room.id, deadline: now.advanced(bySeconds: limits.requestTimeout)))
    store(link)
    let others = link.rooms.filter { $0.id != target.room.id }
    return [.tell(room: target.room.id, .host, .requested(link, timeout: limits.requestTimeout))]
      + others.map { .tell(room: $0.id, .host, .updated(link)) }
  }

  /// The host of an asked room agrees.
  /// - Parameter members: the link's members as they are now; one that is not there is over.
  public mutating func accept(
    _ id: String, as party: LinkParty, members: [LinkParty], by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    var link = try openLink(id, for: party.room, by: actor)
    guard let index = invitation(of: party.room.id, in: link, at: now) else { throw .linkClosed }
    try party.requireReady()
    if link.state == .pending {
      for member in link.members {
        guard let present = members.first(where: { $0.room.id == member.room.id }) else { throw .linkNotLive }
        try present.requireReady()
      }
    }
    let asked = link.invitations.remove(at: index)
    for member in link.members { refused.forget(member.room.id, party.room.id) }
    // The party was looked at a moment ago: its host may have a new name since, or be gone.
    let room = LinkRoom(id: party.room.id, title: party.room.title, host: asked.room.host)
    link.members.append(Link.Member(room: room, absentUntil: asked.absentUntil))
    let begins = link.state == .pending
    link.state = .active
    if begins, let duration = link.proposedBattle {
      link.battle = Battle(duration: duration, rooms: link.members.map(\.room.id), at: now)
    }
    store(link)
    let answer = LinkAnswer(room: party.room.id, outcome: .active, reason: nil)
    return [.joined(link.members.map(\.room))] + tell(link, .updated(link, answer), all: true)
  }

  /// The host of an asked room declines.
  public mutating func reject(
    _ id: String, as room: LinkRoom, reason: String? = nil, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    let reason = try DisplayText.linkReason(reason ?? "")
    let link = try openLink(id, for: room, by: actor)
    guard let index = invitation(of: room.id, in: link, at: now) else { throw .linkClosed }
    return withdraw(index, from: link, as: .rejected, reason: reason, at: now)
  }

  /// The host of a member takes back what he asked: of one room, or of all he has asked.
  public mutating func cancel(
    _ id: String, of target: String? = nil, as room: LinkRoom, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [LinkAction] {
    var link = try openLink(id, for: room, by: actor)
    let asked = link.invitations.filter { $0.inviter == room.id && (target == nil || $0.room.id == target) }
    if asked.isEmpty { throw .linkClosed }
    var actions: [LinkAction] = []
    for invitation in asked {
      guard let index = link.invitations.firstIndex(of: invitation) else { continue }
      actions += withdraw(index, from: link, as: .cancelled, at: now)
      guard let rest = open[id] else { break }
      link = rest
    }
    return actions
  }

  mutating func expireInvitations(of link: Link, at now: Instant) -> [LinkAction] {
    var (link, actions) = (link, [LinkAction]())
    while let index = link.invitations.firstIndex(where: { $0.deadline <= now }) {
      actions += withdraw(index, from: link, as: .expired, at: now)
      guard let rest = open[link.id] else { break }
      link = rest
    }
    return actions
  }

  /// Ends a request without success, and the link with it if it was all there is.
  mutating func withdraw(
    _ index: Int, from link: Link, as outcome: Link.State, reason: String? = nil, at now: Instant
  ) -> [LinkAction] {
    let asked = link.invitations[index]
    let answer = LinkAnswer(room: asked.room.id, outcome: outcome, reason: reason)
    if link.state == .pending, link.invitations.count == 1 { return close(link, as: outcome, answer, at: now) }
    var rest = link
    rest.invitations.remove(at: index)
    rest.remember(asked.room.id)
    release(asked, at: now)
    store(rest)
    return [.tell(room: asked.room.id, .host, .updated(rest, answer))]
      + tell(rest, .updated(rest, answer), all: rest.state == .active)
  }

  private func invitation(of room: String, in link: Link, at now: Instant) -> Int? {
    link.invitations.firstIndex { $0.room.id == room && now < $0.deadline }
  }
}

extension DisplayText {
  /// Why a link or a battle was declined: as long as any reason; empty is none.
  static func linkReason(_ raw: String) throws(SignalingError) -> String? {
    guard let text = line(raw, characters: 100, bytes: 800) else { throw .linkReasonInvalid }
    return text.isEmpty ? nil : text
  }
}
