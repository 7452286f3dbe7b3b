import MediaControl
import NIOCore
import Signaling

extension LiveRoom {
  /// Encodes an event once and queues it for everybody concerned.
  func tell(_ audience: Audience, _ event: RoomEvent) {
    tell(audience, message(for: event))
  }

  func tell(_ audience: Audience, _ message: some Encodable) {
    guard !sockets.isEmpty, let text = try? JSON.encode(message) else { return }
    for socket in sockets.values where audience.includes(socket.person.id) { socket.outbox.send(.text(text)) }
  }

  func tellHost(_ message: EventMessage) { tell(.users([stored.host.id]), message) }

  private func message(for event: RoomEvent) -> any Encodable {
    switch event {
    case .roomUpdated: return roomMessage("room.updated")
    case .roomEnded: return roomMessage("room.ended")
    case .requestCreated(let request): return requestMessage(request, "created")
    case .requestUpdated(let request): return requestMessage(request, "updated")
    case .participantJoined(let seat): return participantMessage(seat, "joined")
    case .participantUpdated(let seat): return participantMessage(seat, "updated")
    case .participantLeft(let person, let reason):
      var message = EventMessage("participant.left")
      (message.userId, message.name, message.reason) = (person.id, person.name, reason)
      return message
    case .applicationCount(let count):
      var message = EventMessage("application.count")
      message.count = count
      return message
    case .seatsChanged:
      var message = EventMessage("seats.changed")
      message.seats = room.places.map(SeatBody.init)
      return message
    case .adminChanged(let person, let isAdmin):
      var message = EventMessage("admin.changed")
      (message.userId, message.name, message.isAdmin) = (person.id, person.name, isAdmin)
      return message
    case .roomWarned(let text):
      var message = EventMessage("room.warned")
      message.text = text
      return message
    case .viewerCount(let count):
      var message = EventMessage("viewer.count")
      message.viewers = count
      return message
    case .chat(let event): return ChatEventBody(event, viewers: room.viewers, clock: environment.clock)
    }
  }

  private func roomMessage(_ type: String) -> EventMessage {
    var message = EventMessage(type)
    message.room = body
    return message
  }

  private func participantMessage(_ seat: Seat, _ what: String) -> EventMessage {
    var message = EventMessage("participant.\(what)")
    message.participant = ParticipantBody(seat)
    return message
  }

  private func requestMessage(_ request: StageRequest, _ what: String) -> EventMessage {
    var message = EventMessage("\(request.origin.rawValue).\(what)")
    let body = RequestBody(request, in: room, at: now)
    if request.origin == .application { message.application = body } else { message.invitation = body }
    return message
  }

  func snapshot(for person: Person) -> SnapshotMessage {
    let role = room.role(of: person.id)
    return SnapshotMessage(
      room: body, role: role, userId: person.id, participants: room.participants.map(ParticipantBody.init),
      applications: requests(.application, for: person), invitations: requests(.invitation, for: person), scene: scene,
      outputs: role == .host ? outputs.map(\.body) : nil, video: wishes[person.id],
      messages: room.chat.history.map { MessageBody($0, clock: environment.clock) })
  }

  /// All pending ones for host and admins, one's own for others.
  func requests(_ origin: StageRequest.Origin, for person: Person) -> [RequestBody] {
    room.requests(origin, for: person, at: now).map { RequestBody($0, in: room, at: now) }
  }
}

extension Audience {
  func includes(_ user: String) -> Bool {
    switch self {
    case .everyone: true
    case .users(let users): users.contains(user)
    }
  }
}
