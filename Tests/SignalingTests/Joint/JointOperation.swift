import Signaling

/// What hosts do about links, as the joint model does it.
enum LinkOperation: CaseIterable {
  case request, invite, accept, reject, cancel, leave
  case propose, agree, decline, giveUp
  case rename, made

  static let weighted: [LinkOperation] = allCases.flatMap { operation in
    switch operation {
    case .leave, .decline, .giveUp, .rename, .made, .reject, .cancel: [operation]
    case .request: Array(repeating: operation, count: 8)
    case .accept: Array(repeating: operation, count: 12)
    default: Array(repeating: operation, count: 5)
    }
  }
}

extension JointModel {
  private static let roomOperations = RoomOperation.weighted.filter { ![.link, .advance, .rename].contains($0) }

  /// Somebody does something.
  func operate() {
    let place = random.below(rooms.count)
    if random.chance(300) { rooms[place].wantsGuests.toggle() }
    switch random.below(16) {
    case 0..<6: operateRoom(place)
    case 6, 7: bringOnAir(place)
    case 8 where !rooms[place].wantsGuests: clearStage(place)
    case 9, 10: attempt(random.pick([.like, .give]), in: place, by: random.pick(rooms[place].model.people))
    default: operateLink(random.pick(LinkOperation.weighted))
    }
  }

  private func operateRoom(_ place: Int) {
    let (operation, live) = (random.pick(Self.roomOperations), rooms[place])
    let actor = random.chance(3) ? live.host : random.pick(live.model.people)
    if isLikely(operation, by: actor, in: live) { attempt(operation, in: place, by: actor) }
  }

  /// Chance alone would fill stages and take hosts off the air too often for links.
  private func isLikely(_ operation: RoomOperation, by actor: Person, in live: LiveRoomModel) -> Bool {
    switch operation {
    case .apply, .invite, .answer: live.wantsGuests || random.chance(10)
    case .publish, .stop, .lost: actor.id != live.host.id || !live.isHostLive || random.chance(6)
    default: true
    }
  }

  /// The host, or somebody who has a seat.
  private func bringOnAir(_ place: Int) {
    let (host, seats) = (rooms[place].host, rooms[place].model.room.seats)
    let actor = random.pick(seats.map { $0.user } + [host])
    guard let seat = seats.first(where: { $0.user.id == actor.id }), seat.isParticipant else {
      return attempt(.publish, in: place, by: actor)
    }
    if seat.state != .live { attempt(.media, in: place, by: actor) }
  }

  private func clearStage(_ place: Int) {
    guard let seat = rooms[place].model.room.seats.first(where: { $0.role == .cohost }) else { return }
    operations += 1
    undergo(.remove, in: place) { room, now throws(SignalingError) in
      try room.remove(seat.user.id, by: room.host, at: now)
    }
  }

  // MARK: Links

  private func operateLink(_ operation: LinkOperation) {
    let place = [.accept, .reject].contains(operation) ? somebodyAsked : random.below(rooms.count)
    let actor = random.chance(16) ? random.pick(hosts) : rooms[place].host
    // `Gatekeeper`, before any handler
    guard (try? rooms[place].model.room.requireOpen(.manageLinks, of: actor, at: now)) != nil else { return }
    if rooms[place].wantsGuests, [.request, .accept].contains(operation), !random.chance(8) { return }
    operations += 1
    let link = links.book.link(of: rooms[place].id)?.id ?? rooms[place].told?.id ?? "l0"
    switch operation {
    case .request, .invite: ask(place, into: operation == .invite ? link : nil, by: actor)
    case .accept:
      let word = Turn.acceptance(Acceptance(link, as: rooms[place].id, by: actor))
      // Some click twice.
      turns += random.chance(4) ? [word, word] : [word]
    case .rename: rename(random.below(hosts.count))
    case .made: links.mailbox.append(.made(rooms[place].id))
    default: change(operation, of: link, in: place, by: actor)
    }
  }

  /// One who was asked, mostly.
  private var somebodyAsked: Int {
    let asked = rooms.indices.filter { links.book.link(of: rooms[$0].id)?.isMember(rooms[$0].id) == false }
    return asked.isEmpty || random.chance(8) ? random.below(rooms.count) : random.pick(asked)
  }

  private func ask(_ place: Int, into link: String?, by actor: Person) {
    turns.append(
      .asking(
        Asking(
          room: rooms[place].id, target: random.pick(rooms).id, person: actor, link: link,
          battle: random.chance(3) ? Double(25 + random.below(40)) : nil)))
  }

  private func change(_ operation: LinkOperation, of link: String, in place: Int, by actor: Person) {
    let (room, other) = (rooms[place].linkParty.room, random.pick([nil, random.pick(rooms).id]))
    let duration = Double(25 + random.below(40))
    try? change { book, now throws(SignalingError) in
      switch operation {
      case .reject: try book.reject(link, as: room, reason: "no", by: actor, at: now)
      case .cancel: try book.cancel(link, of: other, as: room, by: actor, at: now)
      case .leave: try book.leave(link, as: room, by: actor, at: now)
      case .propose: try book.proposeBattle(link, duration: duration, as: room, by: actor, at: now)
      case .agree: try book.acceptBattle(link, as: room, by: actor, at: now)
      case .decline: try book.rejectBattle(link, as: room, by: actor, at: now)
      default: try book.endBattle(link, as: room, by: actor, at: now)
      }
    }
  }

  /// `RoomRegistry.rename`; not between the look at a room and the request, which would keep the former name.
  private func rename(_ index: Int) {
    if turns.contains(where: { if case .asking = $0 { true } else { false } }) { return }
    hosts[index].name = newName("H")
    let host = hosts[index]
    for place in rooms.indices {
      rooms[place].model.rename(host.id, to: host.name)
      undergo(.rename, in: place) { room, now in room.rename(host, at: now) }
    }
    links.mailbox.append(.rename(host))
  }
}
