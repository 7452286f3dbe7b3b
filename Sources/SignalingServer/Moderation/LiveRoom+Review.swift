import Signaling

extension LiveRoom {
  /// The text to show instead of this one, once the operator's moderation has seen it. Others go on meanwhile.
  func reviewed(_ text: String, as kind: ModerationQuestion.Kind, by person: Person) async throws(APIError) -> String {
    try await environment.moderator.review(
      ModerationQuestion(roomId: stored.id, userId: person.id, name: person.name, kind: kind, text: text))
  }
}
