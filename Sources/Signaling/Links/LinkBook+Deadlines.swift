extension LinkBook {
  /// When `advance(to:)` has something to do next.
  public var nextDeadline: Instant? { open.values.lazy.compactMap(\.nextDeadline).min() }

  /// Does what time alone brings about: requests expire, battles end, scores are told, absent hosts leave.
  public mutating func advance(to now: Instant) -> [LinkAction] {
    let due = open.values.filter { ($0.nextDeadline ?? now) <= now && $0.nextDeadline != nil }.map(\.id).sorted()
    var actions: [LinkAction] = []
    for id in due {
      if let link = open[id] { actions += expireInvitations(of: link, at: now) }
      if let link = open[id] { actions += expireProposal(of: link, at: now) }
      if let link = open[id] { actions += advanceBattle(of: link, at: now) }
      if let link = open[id] { actions += removeAbsent(from: link, at: now) }
    }
    return actions
  }

  private mutating func removeAbsent(from link: Link, at now: Instant) -> [LinkAction] {
    let gone = link.members.filter { ($0.absentUntil ?? .distantFuture) <= now }
    return gone.reduce(into: []) { $0 += remove($1.room.id, at: now) }
  }
}

extension Link {
  var nextDeadline: Instant? {
    let requests = invitations.lazy.map(\.deadline).min()
    let absences = members.lazy.compactMap(\.absentUntil).min()
    return [requests, absences, proposal?.deadline, battle?.deadline, battle?.scoresDue].compactMap { $0 }.min()
  }
}

extension Instant {
  fileprivate static let distantFuture = Instant(nanoseconds: .max)
}
