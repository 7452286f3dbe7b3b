import Signaling

extension LiveRoom {
  /// What the rules refuse need not be looked at, and must not take the place of what they let pass.
  func requirePermitted(
    _ operation: (inout Room, Instant) throws(SignalingError) -> [RoomAction]
  ) throws(APIError) {
    guard environment.moderator.isAsked else { return }
    var trial = room
    do throws(SignalingError) { _ = try operation(&trial, now) } catch { throw APIError(error) }
  }

  /// The text to show instead of this one, once the operator's moderation has seen it. Others go on meanwhile; its
  /// author may be banned or signed out by then.
  func reviewed(_ text: String, as kind: ModerationQuestion.Kind, by caller: Caller) async throws(APIError) -> String {
    guard let person = caller.person else { throw .userNeeded }
    let reviewed = try await environment.moderator.review(
      ModerationQuestion(roomId: stored.id, userId: person.id, name: person.name, kind: kind, text: text))
    try requireGood(caller)
    return reviewed
  }
}

extension Moderator {
  /// The words of a room as they may be shown.
  func review(_ change: RoomChange, room: String?, by person: Person) async throws(APIError) -> RoomChange {
    guard isAsked else { return change }
    try Self.requireFitting(change)
    var change = change
    func reviewed(_ text: String?, _ kind: ModerationQuestion.Kind) async throws(APIError) -> String? {
      guard let text, !text.isEmpty else { return text }
      return try await review(
        ModerationQuestion(roomId: room, userId: person.id, name: person.name, kind: kind, text: text))
    }
    change.title = try await reviewed(change.title, .title)
    change.notice = try await reviewed(change.notice, .notice)
    change.category = try await reviewed(change.category, .category)
    // One after the other: nobody has two questions under way.
    for index in (change.tags ?? []).indices {
      if let tag = try await reviewed(change.tags?[index], .tag) { change.tags?[index] = tag }
    }
    return change
  }

  /// What the rules refuse need not be looked at.
  private static func requireFitting(_ change: RoomChange) throws(APIError) {
    do throws(SignalingError) {
      _ = try RoomInfo(title: "", layout: "").applying(change)
    } catch {
      throw APIError(error)
    }
  }
}
