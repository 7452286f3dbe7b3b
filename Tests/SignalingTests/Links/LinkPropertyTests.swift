import Signaling
import Testing

/// Random operations on random rooms: whatever happens, the promises of the links hold.
@Suite struct LinkPropertyTests {
  @Test("Invariants hold under random operations", arguments: 0..<60 as Range<UInt64>)
  func invariants(seed: UInt64) {
    var model = LinkModel(seed: seed)
    for step in 0..<4800 {
      model.act(step)
      guard model.isConsistent else {
        Issue.record("seed \(seed), step \(step): \(model.fault)")
        return
      }
    }
    model.settle()
    #expect(model.linksBegun > 50)
    #expect(model.battlesFinished > 10)
    #expect(model.isConsistent, "seed \(seed) at the end: \(model.fault)")
  }
}

/// A book, and what its actions and its scores must add up to.
private struct LinkModel {
  private let names = (0..<10).map { "r\($0)" }
  private var random: SplitMix
  private var book: LinkBook
  private var now = Instant.zero
  /// As a worker would know it, from the actions alone.
  private var partners: [String: Set<String>] = [:]
  /// Points given to each room in the battle that is counted for it.
  private var points: [String: [String: Int]] = [:]
  /// When the battle of each link that is counted ends.
  private var counted: [String: Instant] = [:]
  private(set) var fault = ""
  private(set) var linksBegun = 0
  private(set) var battlesFinished = 0

  init(seed: UInt64) {
    random = SplitMix(state: seed &* 977 &+ 11)
    var limits = LinkLimits()
    limits.closedLinks = 8
    limits.requestPause = 0.5
    limits.refusalPauses = [0.5, 1, 2]
    limits.punishment = seed % 2 == 0 ? 0 : 15
    book = LinkBook(limits: limits)
  }

  var isConsistent: Bool { fault.isEmpty }

  mutating func act(_ step: Int) {
    now = now.advanced(bySeconds: Double(random.next() % 1000) / 1000)
    if let due = book.nextDeadline, due <= now { apply(book.advance(to: now)) }
    // Those that were asked are the likeliest to do something.
    let asked = names.filter { name in book.link(of: name)?.isMember(name) == false }
    let name = random.pick(random.next() % 2 == 0 && !asked.isEmpty ? asked : names)
    let other = random.pick(names)
    let id = book.link(of: name)?.id ?? random.pick(names)
    let actor = random.next() % 16 == 0 ? LinkCast.host(other) : LinkCast.host(name)
    let actions = (try? operate(step, name, other, id, actor)) ?? []
    apply(actions)
    // Refusals change nothing, as a look now and then confirms.
    if !actions.isEmpty || step % 8 == 0 { check() }
  }

  private mutating func operate(
    _ step: Int, _ name: String, _ other: String, _ id: String, _ actor: Person
  ) throws -> [LinkAction] {
    let room = LinkCast.room(name)
    switch random.next() % 22 {
    case 0, 1:
      let battle = random.next() % 3 == 0 ? Double(20 + random.next() % 60) : nil
      return try book.request(
        id: "l\(step)", from: party(name), to: party(other), battle: battle, by: actor, at: now)
    case 2, 3: return try book.invite(party(other), into: id, from: room, by: actor, at: now)
    case 4, 5, 6:
      let members = book.link(of: name)?.members.map { party($0.room.id) } ?? []
      return try book.accept(id, as: party(name), members: members, by: actor, at: now)
    case 7: return try book.reject(id, as: room, reason: "no", by: actor, at: now)
    case 8: return try book.cancel(id, of: random.pick([nil, other]), as: room, by: actor, at: now)
    case 9: return random.next() % 6 == 0 ? try book.leave(id, as: room, by: actor, at: now) : []
    case 10: return random.next() % 6 == 0 ? book.roomGone(name, at: now) : []
    case 11: return random.next() % 4 == 0 ? book.hostLost(name, at: now) : []
    case 12: return book.hostReturned(name)
    case 13: return try book.proposeBattle(id, duration: Double(25 + random.next() % 40), as: room, by: actor, at: now)
    case 18, 19, 20: return try book.acceptBattle(id, as: room, by: actor, at: now)
    case 21: return random.next() % 3 == 0 ? try book.rejectBattle(id, as: room, by: actor, at: now) : []
    case 14: return random.next() % 6 == 0 ? try book.endBattle(id, as: room, by: actor, at: now) : []
    default: return score(Int(random.next() % 50) - 5, name)
    }
  }

  private mutating func party(_ name: String) -> LinkParty {
    LinkCast.party(name, isLive: random.next() % 20 != 0, isStageOccupied: random.next() % 20 == 0)
  }

  private mutating func score(_ value: Int, _ name: String) -> [LinkAction] {
    if value > 0, let link = book.activeLink(of: name), link.battle?.isRunning == true,
      link.battle?.scores[name] != nil
    {
      points[link.id, default: [:]][name, default: 0] += value
    }
    return book.score(value, for: name, at: now)
  }

  // MARK: What must hold

  private mutating func apply(_ actions: [LinkAction]) {
    for action in actions {
      switch action {
      case .joined(let rooms):
        linksBegun += 1
        let set = Set(rooms.map(\.id))
        let former = set.union(set.flatMap { partners[$0] ?? [] })
        for room in former { partners[room] = set.contains(room) ? set : nil }
      case .parted(let rooms): for room in rooms { partners[room] = nil }
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

  private mutating func check() {
    var seen: Set<String> = []
    for link in book.open.values {
      check(link)
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
    require(book.nextDeadline.map { $0 > now } ?? true, "something is overdue")
  }

  private mutating func check(_ link: Link) {
    require(link.rooms.count <= 4, "too many rooms")
    require(Set(link.rooms.map(\.host.id)).count == link.rooms.count, "one host twice")
    switch link.state {
    case .pending: require(link.members.count == 1 && !link.invitations.isEmpty, "a request for nobody")
    case .active: require(link.members.count >= 2, "a link of one")
    default: require(false, "a closed link is open")
    }
    for invitation in link.invitations {
      require(invitation.deadline <= now.advanced(bySeconds: 10), "a request without end")
      require(link.isMember(invitation.inviter), "a request of nobody")
    }
    if let proposal = link.proposal {
      let members = Set(link.members.map(\.room.id))
      require(link.state == .active && link.battle?.deadline == nil, "a battle asked for where there can be none")
      require(proposal.deadline <= now.advanced(bySeconds: 10), "a battle is asked for without end")
      require(!proposal.waiting.isEmpty && proposal.waiting.isSubset(of: members), "nobody is asked for a battle")
      require(members.contains(proposal.room) && proposal.agreed.isSubset(of: members), "strangers want a battle")
    }
    guard let battle = link.battle else { return }
    for (room, score) in battle.scores {
      require(score == points[link.id]?[room] ?? 0, "a score of \(room) was lost")
    }
    if battle.isRunning { require(link.members.count { battle.scores[$0.room.id] != nil } >= 2, "a battle of one") }
  }

  private mutating func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds, fault.isEmpty { fault = text() }
  }

  /// Left alone, every request and battle and absence comes to its end.
  mutating func settle() {
    for _ in 0..<1000 {
      guard let due = book.nextDeadline else { break }
      now = max(now, due)
      apply(book.advance(to: now))
      check()
    }
    require(book.nextDeadline == nil, "something goes on for ever")
    require(book.open.values.allSatisfy { $0.state == .active && $0.invitations.isEmpty }, "a request without end")
  }
}
