import ServiceLifecycle

/// Ends what goes on in rooms in the name of people who may not any more: at once when their session or key was revoked,
/// in rounds when it ran out.
struct SessionWatch: Service, CustomStringConvertible {
  let identity: IdentityService
  let rooms: RoomRegistry

  /// Services are named in logs; this one knows secrets.
  var description: String { "mixd sessions" }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await endRevoked() }
        group.addTask { await endExpired() }
      }
    }
  }

  private func endRevoked() async {
    for await _ in identity.book.revocations {
      await rooms.endSessions { identity.validity(of: $0) }
      // Those who leave within this time are looked for together.
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  private func endExpired() async {
    while (try? await Task.sleep(for: .seconds(identity.limits.sessionWatch))) != nil {
      let over = Set(await whoIsOver().map(\.credential))
      if !over.isEmpty { await rooms.endSessions { over.contains($0.credential) ? .signedOut : .good } }
    }
  }

  /// Most tokens that have expired were renewed, and the session they are of goes on.
  private func whoIsOver() async -> [Caller] {
    let now = ServerClock.wallMilliseconds()
    let expired = await rooms.callers(expiredBefore: now - Int64(identity.limits.tokenGrace * 1000))
    if expired.isEmpty { return [] }
    return (try? await identity.stored { try await $0.whoIsOver(expired, at: now) }) ?? []
  }
}
