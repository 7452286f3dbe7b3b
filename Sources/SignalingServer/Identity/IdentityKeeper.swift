import ServiceLifecycle

/// Fills the session book at the start, forgets what is over every hour, and ends the password threads at the stop.
struct IdentityKeeper: Service, CustomStringConvertible {
  let identity: IdentityService

  /// Services are named in logs; this one knows secrets.
  var description: String { "mixd identity" }

  func run() async throws {
    _ = await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(3600))) != nil { await renew() }
    }
    await identity.passwords.shutdown()
  }

  private func renew() async {
    try? await identity.forgetExpired()
  }
}

extension IdentityService {
  /// Everything that decides about tokens.
  func load() async throws(APIError) {
    try await forgetExpired()
    let (banned, keys) = (try await stored { try await $0.bannedUsers() }, try await stored { try await $0.keys() })
    let revoked = try await stored { try await $0.revokedSessions() }
    book.fill(revoked: revoked, banned: banned, keys: keys)
  }

  func forgetExpired() async throws(APIError) {
    let now = ServerClock.wallMilliseconds()
    book.forget(sessions: try await stored { try await $0.forgetSessions(expiredBefore: now) })
  }
}
