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
        Issue.record("seed \(seed), step \(step): \(model.promises.fault)")
        return
      }
    }
    model.settle()
    #expect(model.promises.linksBegun > 50)
    #expect(model.promises.battlesFinished > 10)
    #expect(model.isConsistent, "seed \(seed) at the end: \(model.promises.fault)")
  }
}

/// A book that is driven by chance.
private struct LinkModel {
  private let names = (0..<10).map { "r\($0)" }
  private var random: SplitMix
  private var book: LinkBook
  private var now = Instant.zero
  private(set) var promises = LinkPromises()

  init(seed: UInt64) {
    random = SplitMix(state: seed &* 977 &+ 11)
    var limits = LinkLimits()
    limits.closedLinks = 8
    limits.requestPause = 0.5
    limits.refusalPauses = [0.5, 1, 2]
    limits.punishment = seed % 2 == 0 ? 0 : 15
    book = LinkBook(limits: limits)
  }

  var isConsistent: Bool { promises.fault.isEmpty }

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
    promises.note(value, for: name, in: book, at: now)
    return book.score(value, for: name, at: now)
  }

  private mutating func apply(_ actions: [LinkAction]) { promises.apply(actions, of: book) }

  private mutating func check() { promises.check(book, rooms: names, at: now) }

  /// Left alone, every request and battle and absence comes to its end.
  mutating func settle() {
    for _ in 0..<1000 {
      guard let due = book.nextDeadline else { break }
      now = max(now, due)
      apply(book.advance(to: now))
      check()
    }
    promises.require(book.nextDeadline == nil, "something goes on for ever")
    let isSettled = book.open.values.allSatisfy { $0.state == .active && $0.invitations.isEmpty }
    promises.require(isSettled, "a request without end")
  }
}
