extension Room {
  /// Whether `user` may not enter this room.
  public func isBanned(_ user: String, at now: Instant) -> Bool { chat.ban(of: user, at: now) != nil }

  /// `user` has to go and may not come back until the time is over or he is let in again.
  public mutating func ban(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.moderateMembers, of: actor, at: now)
    try requireRank(of: actor, over: user)
    let actions = asRoom(try chat.ban(user, terms, by: actor, at: now))
    return actions + expel(user, .banned, at: now)
  }

  public mutating func unban(_ user: String, by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.moderateMembers, of: actor, at: now)
    return asRoom(chat.unban(user, at: now))
  }

  /// Ends everything `user` has in this room: seat, requests, rights, sockets and sessions.
  mutating func expel(_ user: Person, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    var actions = closePending(as: .cancelled, reason: reason.rawValue, at: now) { $0.user.id == user.id }
    if isAdmin(user.id) {
      admins.removeAll { $0.id == user.id }
      actions.append(.tell(.everyone, .adminChanged(user, isAdmin: false)))
    }
    if seat(of: user.id) != nil { actions += vacate(user.id, reason, at: now) }
    return actions + [.persist, .expel(user: user.id)]
  }
}
