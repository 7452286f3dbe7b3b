import Signaling

extension LiveRoom {
  func mute(_ user: Person, _ terms: SanctionTerms, by person: Person) async throws(APIError) -> SanctionBody {
    let now = self.now
    let sanction = try await change(
      { room, now throws(SignalingError) in try room.mute(user, terms, by: person, at: now) },
      then: { $0.chat.mute(of: user.id, at: now) })
    guard let sanction else { throw .internalFault }
    return SanctionBody(sanction, at: self.now)
  }

  func unmute(_ user: String, by person: Person) async throws(APIError) {
    try await change { room, now throws(SignalingError) in try room.unmute(user, by: person, at: now) }
  }

  /// Returns when everything the user had open in the room has ended.
  func ban(_ user: Person, _ terms: SanctionTerms, by person: Person) async throws(APIError) -> SanctionBody {
    let now = self.now
    let sanction = try await change(
      { room, now throws(SignalingError) in try room.ban(user, terms, by: person, at: now) },
      then: { $0.chat.ban(of: user.id, at: now) })
    guard let sanction else { throw .internalFault }
    return SanctionBody(sanction, at: self.now)
  }

  func unban(_ user: String, by person: Person) async throws(APIError) {
    try await change { room, now throws(SignalingError) in try room.unban(user, by: person, at: now) }
  }

  var mutes: [SanctionBody] { room.chat.muted(at: now).map { SanctionBody($0, at: now) } }
  var bans: [SanctionBody] { room.chat.banned(at: now).map { SanctionBody($0, at: now) } }

  func setAdmin(_ user: Person, _ isAdmin: Bool, by person: Person) async throws(APIError) {
    if isAdmin { try requireUnbanned(user.id) }
    try await change { room, now throws(SignalingError) in try room.setAdmin(user, isAdmin, by: person, at: now) }
  }

  var admins: [MemberBody] { room.admins.map(MemberBody.init) }

  func standing(of person: Person) -> StandingBody {
    let mute = room.chat.mute(of: person.id, at: now).map { SanctionBody($0, at: now) }
    return StandingBody(
      role: room.role(of: person.id), admin: room.isAdmin(person.id), operator: person.isOperator, muted: mute != nil,
      mutedFor: mute?.seconds, mutedReason: mute?.reason)
  }
}
