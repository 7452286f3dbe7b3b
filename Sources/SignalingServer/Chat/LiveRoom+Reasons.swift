import NIOCore
import Signaling

/// Why somebody is muted or banned is for him and for who moderates. The others only hear that he is: a reason is no way
/// to speak to all of them.
extension LiveRoom {
  /// Whom such an event is about, and what the others hear of it; `nil` where there is nothing to leave out.
  func withoutReason(_ event: RoomEvent) -> (user: String, frame: ByteBuffer)? {
    guard case .chat(let chat) = event, chat.hasReason,
      case .member(var member) = ChatEventBody(chat, viewers: room.viewers, clock: environment.clock)
    else { return nil }
    member.reason = nil
    guard let frame = Self.frame(member) else { return nil }
    return (user: member.userId, frame: frame)
  }

  func send(_ frame: ByteBuffer, about user: String, toOthers bare: ByteBuffer) {
    let moment = now
    let initiated = sockets.filter { _, socket in
      socket.person.id == user || room.allows(.moderateMembers, to: socket.person, at: moment)
    }
    crowd.send(bare, except: Set(initiated.keys))
    for socket in initiated.values { socket.outbox.send(frame) }
  }

  /// A reason as it may be given.
  func permittedReason(_ text: String, by person: Person) throws(APIError) -> String {
    do throws(SignalingError) {
      return try room.permitReason(text, by: person, at: now)
    } catch {
      throw APIError(error)
    }
  }

  /// Refuses a reason for refusing a link or a battle that this room's people must not come to read.
  func requireLinkReason(_ text: String, by person: Person) throws(APIError) {
    do throws(SignalingError) {
      try room.requireLinkReason(text, by: person, at: now)
    } catch {
      throw APIError(error)
    }
  }
}

extension ChatEvent {
  fileprivate var hasReason: Bool {
    switch self {
    case .muted(let sanction), .banned(let sanction): sanction.reason != nil
    case .messages, .gift, .likes, .audience, .deleted, .unmuted, .unbanned: false
    }
  }
}
