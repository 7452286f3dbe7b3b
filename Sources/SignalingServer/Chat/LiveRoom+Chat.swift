import Signaling

extension LiveRoom {
  func say(_ style: ChatStyle, _ text: String, by person: Person) async throws(APIError) -> String {
    let id = RandomName.make("m_")
    try await change { room, now throws(SignalingError) in
      try room.say(id: id, style, text, by: person, at: now)
    }
    return id
  }
}
