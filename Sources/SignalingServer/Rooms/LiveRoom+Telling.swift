import MediaControl
import NIOCore
import Signaling

extension LiveRoom {
  /// Tells everything that is to be told, in order; what goes to everybody in one piece.
  func tell(_ actions: [RoomAction]) {
    guard !sockets.isEmpty else { return }
    var forAll = ByteBuffer()
    for case .tell(let audience, let event) in actions {
      guard var frame = Self.frame(message(for: event)) else { continue }
      if audience != .everyone {
        flush(&forAll)
        send(frame, to: audience)
      } else if let (user, bare) = withoutReason(event) {
        flush(&forAll)
        send(frame, about: user, toOthers: bare)
      } else {
        forAll.writeBuffer(&frame)
      }
    }
    flush(&forAll)
  }

  func tell(_ audience: Audience, _ message: some Encodable) {
    guard !sockets.isEmpty, let frame = Self.frame(message) else { return }
    send(frame, to: audience)
  }

  static func frame(_ message: some Encodable) -> ByteBuffer? {
    (try? JSON.encode(message)).map(ByteBuffer.textFrame)
  }

  private func flush(_ frames: inout ByteBuffer) {
    guard frames.readableBytes > 0 else { return }
    crowd.send(frames)
    frames = ByteBuffer()
  }

  private func send(_ frames: ByteBuffer, to audience: Audience) {
    switch audience {
    case .everyone: crowd.send(frames)
    case .users(let users):
      for socket in users.flatMap({ socketsOf[$0] ?? [] }) { sockets[socket]?.outbox.send(frames) }
    }
  }

  func tellHost(_ message: EventMessage) { tell(.users([stored.host.id]), message) }

  private func message(for event: RoomEvent) -> any Encodable {
    switch event {
    case .roomUpdated: return roomMessage("room.updated")
    case .roomEnded: return roomMessage("room.ended")
    case .requestCreated(let request): return requestMessage(request, "created")
    case .requestUpdated(let request), .requestChanged(let request): return requestMessage(request, "updated")
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
      message.seats = seats
      return message
    case .adminChanged(let person, let isAdmin):
      var message = EventMessage("admin.changed")
      (message.userId, message.name, message.admin) = (person.id, person.name, isAdmin)
      return message
    case .memberRenamed(let person):
      var message = EventMessage("member.renamed")
      (message.userId, message.name) = (person.id, person.name)
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
}
