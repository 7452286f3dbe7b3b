import Signaling

/// Who is here.
extension LiveRoom {
  private struct Presence {
    let person: Person
    var since: Instant
  }

  /// Everybody who follows the room or watches its programme under his name, each once.
  var audience: [AudienceMemberBody] {
    let (now, wall) = (self.now, environment.clock.wall)
    var requests: [String: [StageRequest.Origin: String]] = [:]
    for request in room.pending { requests[request.user.id, default: [:]][request.origin] = request.id }
    return presences.values.map { presence in
      let user = presence.person
      let role = room.role(of: user.id)
      let mute = room.chat.mute(of: user.id, at: now)
      return AudienceMemberBody(
        userId: user.id, name: user.name, role: role, admin: room.isAdmin(user.id) ? true : nil, muted: mute != nil,
        mutedFor: mute.flatMap { SanctionBody($0, at: now).seconds },
        applicationId: requests[user.id]?[.application], invitationId: requests[user.id]?[.invitation],
        since: wall.milliseconds(of: presence.since))
    }
  }

  private var presences: [String: Presence] {
    var found: [String: Presence] = [:]
    func add(_ person: Person, since: Instant) {
      let first = min(since, found[person.id]?.since ?? since)
      found[person.id] = Presence(person: person, since: first)
    }
    for socket in sockets.values { add(socket.person, since: socket.since) }
    for session in sessions.values {
      if let person = session.caller?.person, let since = session.countedSince { add(person, since: since) }
    }
    return found
  }
}

/// Somebody in the room as those who moderate it are shown him.
struct AudienceMemberBody: MemberEntry {
  let userId: String
  let name: String
  let role: RoomRole
  let admin: Bool?
  let muted: Bool
  /// Seconds; absent when not muted, or for ever.
  let mutedFor: Int?
  let applicationId: String?
  let invitationId: String?
  /// Milliseconds since 1970.
  let since: Int64
}
