import Signaling

/// What clients are shown of the room.
extension LiveRoom {
  /// For everybody.
  var body: RoomBody { body(for: nil) }

  func body(for person: Person?) -> RoomBody {
    var body = RoomBody(stored, room, clock: environment.clock.wall, showsFilter: showsFilter(to: person))
    body.link = linkBody()
    return body
  }

  var seats: [SeatBody] { room.places.map(SeatBody.init) }

  func snapshot(for person: Person) -> SnapshotMessage {
    let role = room.role(of: person.id)
    let moderates = room.allows(.moderateMembers, to: person, at: now)
    return SnapshotMessage(
      room: body, role: role, userId: person.id,
      settings: SettingsBody(room.settings, showsFilter: showsFilter(to: person)), seats: seats,
      participants: room.participants.map(ParticipantBody.init),
      applications: requests(.application, for: person).list, invitations: requests(.invitation, for: person).list,
      scene: scene, outputs: role == .host ? outputs.map(\.body) : nil, video: wishes[person.id],
      messages: room.chat.history.suffix(environment.limits.snapshotMessages).map(MessageBody.init),
      likes: room.chat.likes, standing: standing(of: person), admins: moderates ? admins : nil,
      mutes: moderates ? Array(mutes.prefix(environment.limits.snapshotMutes)) : nil,
      link: linkBody(forHost: role == .host))
  }

  /// Pending ones, all for who answers them, one's own for others; only those after the request of that number.
  func requests(
    _ origin: StageRequest.Origin, for person: Person, after number: Int = 0, limit: Int = .max
  ) -> RequestListBody {
    let found = room.requests(origin, for: person, at: now).filter { $0.number > number }
    let page = found.prefix(limit)
    return RequestListBody(
      origin: origin, list: page.map { RequestBody($0, in: room, at: now) },
      next: found.count > page.count ? page.last.map { String($0.number) } : nil)
  }

  private func showsFilter(to person: Person?) -> Bool {
    person.map { room.allows(.moderateRoom, to: $0, at: now) } ?? false
  }
}
