import Signaling

extension LiveRoom {
  var participants: [ParticipantBody] { room.participants.map(ParticipantBody.init) }

  func apply(media: StageRequest.Media, by person: Person) async throws(APIError) -> RequestBody {
    let id = RandomName.make("a_")
    try await change { room, now throws(SignalingError) in try room.apply(id: id, media: media, by: person, at: now) }
    return try requestBody(id)
  }

  func invite(_ guest: Person, media: StageRequest.Media, by person: Person) async throws(APIError) -> RequestBody {
    let id = RandomName.make("i_")
    try await change { room, now throws(SignalingError) in
      try room.invite(id: id, user: guest, media: media, by: person, at: now)
    }
    return try requestBody(id)
  }

  func answer(
    _ answer: StageRequest.Answer, _ origin: StageRequest.Origin, id: String, by person: Person
  ) async throws(APIError) -> RequestBody {
    try await change { room, now throws(SignalingError) in
      try room.answer(answer, origin, id: id, by: person, at: now)
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

  func remove(_ user: String, by person: Person) async throws(APIError) {
    try await change { room, now throws(SignalingError) in try room.remove(user, by: person, at: now) }
  }

  private func requestBody(_ id: String) throws(APIError) -> RequestBody {
    guard let request = room.request(id) else { throw APIError(.applicationUnknown) }
    return RequestBody(request, in: room, at: now)
  }
}
