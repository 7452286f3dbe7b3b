import MediaControl
import Signaling

/// Who may not be in the room any more because his sign-in is over.
extension LiveRoom {
  /// Ends sockets and sessions of whoever `judge` does not find good. Waits for no media worker.
  func endSessions(by judge: (Caller) -> Validity) {
    var banned: Set<String> = []
    for socket in sockets.values {
      switch judge(socket.caller) {
      case .good: break
      case .signedOut: socket.outbox.close(.unauthorized)
      case .banned: banned.insert(socket.person.id)
      }
    }
    var doomed: [MediaSession] = []
    for session in sessions.values {
      switch session.caller.map(judge) ?? .good {
      case .good: break
      case .signedOut: doomed.append(session)
      case .banned: if let user = session.user { banned.insert(user) }
      }
    }
    guard !banned.isEmpty || !doomed.isEmpty else { return }
    Task { [banned, doomed] in
      for user in banned { await banish(user) }
      await end(doomed)
    }
  }

  private func end(_ doomed: [MediaSession]) async {
    await closeSessions { session in doomed.contains { $0.id == session.id } }
    for session in doomed where session.kind == .publisher { await publisherClosed(session, .left) }
  }

  func callers(expiredBefore time: Int64) -> [Caller] {
    (sockets.values.map(\.caller) + sessions.values.compactMap(\.caller)).filter { $0.expiresAt ?? .max <= time }
  }
}

extension RoomRegistry {
  func endSessions(by judge: @escaping @Sendable (Caller) -> Validity) async {
    for room in loaded.values { await room.endSessions(by: judge) }
  }

  /// Everybody in any room whose token was good until then at most, one of each session.
  func callers(expiredBefore time: Int64) async -> [Caller] {
    var found: [String: Caller] = [:]
    for room in loaded.values {
      for caller in await room.callers(expiredBefore: time) { found[caller.credential] = caller }
    }
    return Array(found.values)
  }
}
