import MediaControl

/// Publications that gave way to newer ones of their users, the latest of a room.
///
/// Who asks for one of them is told so, and not that it is unknown: two pages of one user that each begin anew when
/// their session is gone would take over from each other without end.
struct ReplacedSessions: Sendable {
  static let limit = 64
  private var latest: [MediaSession] = []

  mutating func note(_ session: MediaSession) {
    if latest.count == Self.limit { latest.removeFirst() }
    latest.append(session)
  }

  func contains(_ id: SessionID, _ endpoint: SessionEndpoint, of caller: String?) -> Bool {
    latest.contains { $0.id == id && $0.endpoint == endpoint && $0.belongs(to: caller) }
  }
}
