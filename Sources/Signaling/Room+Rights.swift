extension Room {
  public func role(of user: String) -> RoomRole {
    if user == host.id { return .host }
    if seat(of: user) != nil { return .cohost }
    return isAdmin(user) ? .admin : .viewer
  }

  public func isAdmin(_ user: String) -> Bool { admins.contains { $0.id == user } }

  /// Host and admins: who is told what only helpers need to know.
  public var helpers: Set<String> { Set(admins.map(\.id)).union([host.id]) }

  /// Nothing for who is banned.
  public func standings(of person: Person, at now: Instant) -> Set<Standing> {
    if person.id == host.id { return person.isOperator ? [.host, .operator] : [.host] }
    var standings: Set<Standing> = [seat(of: person.id) == nil ? .viewer : .cohost]
    if isAdmin(person.id) { standings.insert(.admin) }
    if person.isOperator {
      standings.insert(.operator)
    } else if isBanned(person.id, at: now) {
      return []
    }
    return standings
  }

  public func allows(_ permission: Permission, to person: Person, at now: Instant) -> Bool {
    permission.isGranted(to: standings(of: person, at: now))
  }

  /// Whether `person` has this right, in a room that may be over.
  public func require(_ permission: Permission, of person: Person, at now: Instant) throws(SignalingError) {
    let standings = standings(of: person, at: now)
    if permission.isGranted(to: standings) { return }
    throw standings.isEmpty ? .userBanned : permission.refusal
  }

  /// Nobody acts against the host or an operator, and an admin not against another one.
  public func requireRank(of actor: Person, over target: Person) throws(SignalingError) {
    if target.id == host.id || target.isOperator { throw .forbidden }
    if isAdmin(target.id), actor.id != host.id, !actor.isOperator { throw .forbidden }
  }

  func requireOpen() throws(SignalingError) {
    if status == .ended { throw isClosedForGood ? .roomBanned : .roomEnded }
  }

  /// Whether `actor` has this right, in a room that is not over.
  public func requireOpen(_ permission: Permission, of actor: Person, at now: Instant) throws(SignalingError) {
    try requireOpen()
    try require(permission, of: actor, at: now)
  }
}

// MARK: Admins

extension Room {
  /// The host makes somebody a helper, or takes that back.
  public mutating func setAdmin(
    _ user: Person, _ isAdmin: Bool, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.manageAdmins, of: actor, at: now)
    guard user.id != host.id else { throw .adminIsHost }
    guard isAdmin != self.isAdmin(user.id) else { return [] }
    if isAdmin {
      if isBanned(user.id, at: now) { throw .userBanned }
      guard admins.count < limits.admins else { throw .adminLimit }
      admins.append(user)
    } else {
      admins.removeAll { $0.id == user.id }
    }
    return [.persist, .tell(.everyone, .adminChanged(user, isAdmin: isAdmin))]
  }
}
