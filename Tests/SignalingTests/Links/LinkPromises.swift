import Signaling

/// What the actions of a `LinkBook` and its scores must add up to, and what must hold of it at any time.
struct LinkPromises {
  /// Which rooms show each other's hosts, from the actions alone.
  private(set) var partners = LinkedPartners()
  /// Points given to each room in the battle that is counted for it.
  private var points: [String: [String: Int]] = [:]
  /// When the battle of each link that is counted ends.
  private var counted: [String: Instant] = [:]
  /// What was wrong first; empty while nothing was.
  private(set) var fault = ""
  private(set) var linksBegun = 0
  private(set) var battlesFinished = 0

  mutating func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds, fault.isEmpty { fault = text() }
  }

  /// The audience of `room` is about to give points.
  mutating func note(_ value: Int, for room: String, in book: LinkBook, at now: Instant) {
    guard value > 0, let link = book.activeLink(of: room), let battle = link.battle, battle.isRunning,
      battle.deadline.map({ now < $0 }) == true, battle.scores[room] != nil
    else { return }
    points[link.id, default: [:]][room, default: 0] += value
  }

  mutating func apply(_ actions: [LinkAction], of book: LinkBook) {
    for action in actions {
      switch action {
      case .joined(let rooms):
        linksBegun += 1
        partners.join(rooms.map(\.id))
      case .parted(let rooms): partners.part(rooms)
      case .tell(let room, _, .battleOver(let link)):
        battlesFinished += 1
        require(link.rooms.contains { $0.id == room }, "the result is told to strangers")
      case .tell: break
      }
    }
    for link in book.open.values where link.battle?.isRunning == true && counted[link.id] != link.battle?.deadline {
      (counted[link.id], points[link.id]) = (link.battle?.deadline, [:])
    }
  }

  /// - Parameters:
  ///   - names: all rooms that were ever in a link and still are in use.
  ///   - patience: seconds by which a deadline may be overdue.
  mutating func check(_ book: LinkBook, rooms names: some Sequence<String>, at now: Instant, patience: Double = 0) {
    var seen: Set<String> = []
    for link in book.open.values {
      check(link, book.limits, at: now)
      for room in link.rooms {
        require(seen.insert(room.id).inserted, "\(room.id) is in two links")
        require(book.link(of: room.id)?.id == link.id, "\(room.id) does not name its link")
      }
    }
    for name in names {
      require(book.link(of: name) == nil || seen.contains(name), "\(name) names a link it is not in")
      let members = book.activeLink(of: name).map { Set($0.members.map(\.room.id)) }
      require(partners[name] == members, "the actions do not add up for \(name)")
    }
    let oldest = now.advanced(bySeconds: -patience)
    require(book.nextDeadline.map { $0 > oldest } ?? true, "something is overdue")
  }

  private mutating func check(_ link: Link, _ limits: LinkLimits, at now: Instant) {
    require(link.rooms.count <= limits.rooms, "too many rooms")
    require(Set(link.rooms.map(\.host.id)).count == link.rooms.count, "one host twice")
    switch link.state {
    case .pending: require(link.members.count == 1 && !link.invitations.isEmpty, "a request for nobody")
    case .active: require(link.members.count >= 2, "a link of one")
    default: require(false, "a closed link is open")
    }
    let latest = now.advanced(bySeconds: limits.requestTimeout)
    for invitation in link.invitations {
      require(invitation.deadline <= latest, "a request without end")
      require(link.isMember(invitation.inviter), "a request of nobody")
    }
    let members = Set(link.members.map(\.room.id))
    if let proposal = link.proposal {
      require(link.state == .active && link.battle?.deadline == nil, "a battle asked for where there can be none")
      require(proposal.deadline <= latest, "a battle is asked for without end")
      require(!proposal.waiting.isEmpty && proposal.waiting.isSubset(of: members), "nobody is asked for a battle")
      require(members.contains(proposal.room) && proposal.agreed.isSubset(of: members), "strangers want a battle")
    }
    guard let battle = link.battle else { return }
    for (room, score) in battle.scores {
      require(score == points[link.id]?[room] ?? 0, "a score of \(room) was lost")
    }
    if battle.isRunning { require(members.count { battle.scores[$0] != nil } >= 2, "a battle of one") }
  }
}

/// Rooms that show each other's hosts, as a media worker knows them.
struct LinkedPartners: Equatable {
  private var partners: [String: Set<String>] = [:]

  subscript(room: String) -> Set<String>? { partners[room] }

  mutating func join(_ rooms: [String]) {
    let set = Set(rooms)
    let former = set.union(set.flatMap { partners[$0] ?? [] })
    for room in former { partners[room] = set.contains(room) ? set : nil }
  }

  mutating func part(_ rooms: [String]) {
    for room in rooms { partners[room] = nil }
  }
}
