extension Room {
  /// Whether `user` may not enter this room.
  public func isBanned(_ user: String, at now: Instant) -> Bool { chat.ban(of: user, at: now) != nil }

  /// `user` has to go and may not come back until the time is over or he is let in again.
  public mutating func ban(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.moderateMembers, of: actor, at: now)
    try requireRank(of: actor, over: user)
    try requireSay(of: actor, in: chat.ban(of: user.id, at: now))
    let actions = asRoom(try chat.ban(user, terms, by: actor, at: now))
    return actions + strip(user.id, .banned, at: now) + [.expel(user: user.id)]
  }

  /// `user` may not use the platform any more. What he has in this room ends before anything is stored.
  public mutating func banish(_ user: String, at now: Instant) -> [RoomAction] {
    [.expel(user: user)] + strip(user, .kicked, at: now)
  }

  /// Who has a seat or rights here.
  public var entitled: Set<String> { helpers.union(seats.map(\.user.id)) }

  public mutating func unban(_ user: String, by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.moderateMembers, of: actor, at: now)
    try requireSay(of: actor, in: chat.ban(of: user, at: now))
    return asRoom(chat.unban(user, at: now))
  }

  /// Takes everything that `user` has by the rules of this room: seat, requests and rights.
  private mutating func strip(_ user: String, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    var actions = closePending(as: .cancelled, reason: reason.rawValue, at: now) { $0.user.id == user }
    if let index = admins.firstIndex(where: { $0.id == user }) {
      actions += [.persist, .tell(.everyone, .adminChanged(admins.remove(at: index), isAdmin: false))]
    }
    if seat(of: user) != nil { actions += vacate(user, reason, at: now) }
    return actions
  }
}
