import Signaling

extension JointModel {
  /// After anything has happened to the room there.
  func check(_ place: Int) {
    let live = rooms[place]
    require(live.model.violation == nil, "\(live.id): \(live.model.violation ?? "")")
    let overdue = now.advanced(bySeconds: -Self.lateness)
    for request in live.model.room.pending {
      require(request.deadline > overdue, "\(live.id): a request waits longer than it may")
    }
    if links.book.activeLink(of: live.id) != nil { checkStage(of: live.id) }
  }

  /// After anything has happened to a link.
  func checkLinks() {
    links.promises.check(links.book, rooms: places.keys, at: now, patience: Self.lateness)
    let fault = links.promises.fault
    require(fault.isEmpty, fault)
    for link in links.book.open.values where link.state == .active {
      counts.largest = max(counts.largest, link.members.count)
      for member in link.members { checkStage(of: member.room.id) }
    }
  }

  /// Who is linked has nobody on stage, and nobody comes.
  private func checkStage(of id: String) {
    guard let place = places[id] else { return require(false, "\(id) is linked, but forgotten") }
    guard rooms[place].model.room.status != .ended else { return }
    require(!rooms[place].model.room.hasCohosts, "\(id) is linked with somebody on stage")
    require(rooms[place].model.room.link != nil, "\(id) is linked with its stage open")
  }

  // MARK: At rest

  /// Everybody has heard of everything: rooms, links, worker, hosts and audiences know the same.
  func checkAtRest() {
    counts.rests += 1
    for live in rooms {
      let active = links.book.activeLink(of: live.id)
      if live.model.room.hasCohosts { counts.onStage += 1 }
      if !live.model.room.pending.isEmpty { counts.waiting += 1 }
      require(live.model.room.link == active?.id, "\(live.id) has another link than it is in")
      require(live.model.room.status != .ended || active == nil, "\(live.id) is over, but linked")
      require(live.isHostHere == live.isHostLive, "the links do not know where the host of \(live.id) is")
      require(live.alarm == live.model.room.nextDeadline, "\(live.id) is not woken in time")
      require(shown[live.id] == active.map { Set($0.members.map { $0.room.id }) }, "\(live.id) is shown with others")
      checkKnowledge(of: live, active)
      if let active { checkHost(of: live, in: active) }
    }
    require(links.alarm == links.book.nextDeadline, "the links are not woken in time")
  }

  /// Audiences know the link and its battle, hosts also who is asked for what.
  private func checkKnowledge(of live: LiveRoomModel, _ active: Link?) {
    let link = links.book.link(of: live.id)
    require(PublicLink(live.shown) == PublicLink(active), "the audience of \(live.id) knows another link")
    require(PublicLink(live.told) == PublicLink(link), "the host of \(live.id) knows another link")
    let (told, asked) = (live.told?.invitations ?? [], link?.invitations ?? [])
    require(told.map { $0.room } == asked.map { $0.room }, "the host of \(live.id) does not know who is asked")
    require(active == nil || live.told?.proposal == active?.proposal, "\(live.id) knows of another battle to come")
  }

  private func checkHost(of live: LiveRoomModel, in link: Link) {
    guard let member = link.members.first(where: { $0.room.id == live.id }) else { return }
    require(member.room.host == live.host, "\(live.id) has a former name in its link")
    require((member.absentUntil == nil) == live.isHostLive, "\(live.id) is linked for ever without its host")
    if member.absentUntil != nil { counts.absences += 1 }
  }
}

/// A link as audiences see it, but for the points.
private struct PublicLink: Equatable {
  struct Contest: Equatable {
    let state: Battle.State
    let duration: Double
    let contestants: Set<String>
    let winner: String?
  }

  let id: String
  let state: Link.State
  let rooms: [LinkRoom]
  /// Nobody hears of it while the link is only asked for.
  let isAway: [Bool]
  let battle: Contest?

  init?(_ link: Link?) {
    guard let link else { return nil }
    (id, state, rooms) = (link.id, link.state, link.members.map { $0.room })
    isAway = link.state == .active ? link.members.map { $0.absentUntil != nil } : []
    battle = link.battle.map {
      Contest(state: $0.state, duration: $0.duration, contestants: Set($0.scores.keys), winner: $0.winner)
    }
  }
}
