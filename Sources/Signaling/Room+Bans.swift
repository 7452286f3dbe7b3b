extension Room {
  /// Whether `user` may not enter this room.
  public func isBanned(_ user: String, at now: Instant) -> Bool { false }

  /// Ends everything `user` has in this room: seat, requests, rights, sockets and sessions.
  mutating func expel(_ user: Person, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    var actions = closePending(as: .cancelled, reason: reason.rawValue) { $0.user.id == user.id }
    if isAdmin(user.id) {
      admins.removeAll { $0.id == user.id }
      actions.append(.tell(.everyone, .adminChanged(user, isAdmin: false)))
    }
    if seat(of: user.id) != nil { actions += vacate(user.id, reason, at: now) }
    return actions + [.persist, .expel(user: user.id)]
  }
}
