extension Room {
  /// Everybody whom a list of the room names, by id.
  public var named: Set<String> { Set(admins.map(\.id) + seats.map(\.user.id)).union(chat.named).union([host.id]) }

  /// `person` has a new name, and whoever sees him in a list hears it. Words that were said keep the name of then.
  public mutating func rename(_ person: Person, at now: Instant) -> [RoomAction] {
    guard status != .ended else { return [] }
    let isNamed = take(names: [person.id: person.name])
    guard isNamed || audience[person.id] != nil else { return [] }
    let seat = seat(of: person.id).flatMap { $0.isParticipant ? $0 : nil }
    // Of who is nobody here only those hear who may put him out: nobody calls something into a room by his name.
    let isPublic = person.id == host.id || isAdmin(person.id) || seat != nil
    let listeners = isPublic ? Audience.everyone : .users(helpers.union([person.id]))
    var actions = asRoom(chat.tellWords(of: person.id, at: now)) + [.tell(listeners, .memberRenamed(person))]
    if isNamed { actions.insert(.persist, at: 0) }
    if let seat { actions.append(.tell(.everyone, .participantUpdated(seat))) }
    if person.id == host.id { actions.append(.tell(.everyone, .roomUpdated)) }
    return actions
      + pending.filter { $0.user.id == person.id }.map { .tell(parties(of: $0), .requestChanged($0)) }
  }

  /// Takes over the names that people have now, by id; returns whether any of them is named here by another one.
  @discardableResult
  public mutating func take(names: [String: String]) -> Bool {
    var isNew = host.take(names)
    for index in admins.indices { isNew = admins[index].take(names) || isNew }
    for index in seats.indices { isNew = seats[index].user.take(names) || isNew }
    for index in pending.indices { isNew = pending[index].user.take(names) || isNew }
    return chat.take(names: names) || isNew
  }
}

extension ChatRoom {
  var named: Set<String> { mutes.named.union(bans.named) }

  mutating func take(names: [String: String]) -> Bool {
    passing.take(names: names)
    let isMuted = mutes.take(names: names)
    return bans.take(names: names) || isMuted
  }
}

extension Person {
  /// Whether he has another name now.
  mutating func take(_ names: [String: String]) -> Bool {
    guard let name = names[id], name != self.name else { return false }
    self.name = name
    return true
  }
}
