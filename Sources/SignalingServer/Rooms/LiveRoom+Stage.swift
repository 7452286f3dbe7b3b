import Signaling

extension LiveRoom {
  var participants: [ParticipantBody] { room.participants.map(ParticipantBody.init) }

  func apply(
    media: StageRequest.Media, message: String = "", by caller: Caller
  ) async throws(APIError) -> RequestBody {
    guard let person = caller.person else { throw .userNeeded }
    let id = RandomName.make("a_")
    do throws(APIError) {
      try requirePermitted { room, now throws(SignalingError) in
        try room.apply(id: id, media: media, message: message, by: person, at: now)
      }
      let message = message.isEmpty ? "" : try await reviewed(message, as: .application, by: caller)
      try requireGood(caller)
      try await change { room, now throws(SignalingError) in
        try room.apply(id: id, media: media, message: message, by: person, at: now)
      }
    } catch {
      throw error.waiting(room.applicationPause(of: person.id, at: now), for: .applicationTooOften)
    }
    return try requestBody(id)
  }

  func invite(_ guest: Person, media: StageRequest.Media, by person: Person) async throws(APIError) -> RequestBody {
    let id = RandomName.make("i_")
    try requireUnbanned(guest.id)
    do throws(APIError) {
      try await change { room, now throws(SignalingError) in
        try room.invite(id: id, user: guest, media: media, by: person, at: now)
      }
    } catch {
      throw error.waiting(room.invitationPause(of: guest.id, at: now), for: .applicationTooOften)
    }
    return try requestBody(id)
  }

  func answer(
    _ answer: StageRequest.Answer, _ origin: StageRequest.Origin, id: String, reason: String = "", by person: Person
  ) async throws(APIError) -> RequestBody {
    if answer == .accept, let user = room.request(id)?.user.id { try requireUnbanned(user) }
    let reason = try permittedReason(reason, by: person)
    try await change { room, now throws(SignalingError) in
      try room.answer(answer, origin, id: id, reason: reason, by: person, at: now)
    }
    return try requestBody(id)
  }

  /// Answers a request of either origin, for clients that know only its id.
  func answer(_ answer: StageRequest.Answer, id: String, by person: Person) async throws(APIError) {
    let origin = room.request(id)?.origin ?? .application
    _ = try await self.answer(answer, origin, id: id, by: person)
  }

  func control(_ user: String, _ wanted: ControlsChange, by person: Person) async throws(APIError) -> ParticipantBody {
    try await change { room, now throws(SignalingError) in
      try room.control(user, wanted, by: person, at: now)
    }
    guard let seat = room.seat(of: user) else { throw APIError(.participantUnknown) }
    return ParticipantBody(seat)
  }

  /// `reason` is for the removed one's eyes.
  func remove(_ user: String, reason: String? = nil, by person: Person) async throws(APIError) {
    let words = user == person.id ? "" : try permittedReason(reason ?? "", by: person)
    try await change { room, now throws(SignalingError) in try room.remove(user, by: person, at: now) }
    if words.isEmpty { return }
    var message = EventMessage("participant.kicked")
    (message.userId, message.text) = (user, words)
    tell(.users([user]), message)
  }

  func lockSeat(_ index: Int, _ locked: Bool, by person: Person) async throws(APIError) -> [SeatBody] {
    try await change { room, now throws(SignalingError) in try room.lockSeat(index, locked, by: person, at: now) }
    return seats
  }

  func warn(_ text: String, by person: Person) async throws(APIError) {
    try await change { room, now throws(SignalingError) in try room.warn(text, by: person, at: now) }
  }

  private func requestBody(_ id: String) throws(APIError) -> RequestBody {
    guard let request = room.request(id) else { throw APIError(.applicationUnknown) }
    return RequestBody(request, in: room, at: now)
  }
}
