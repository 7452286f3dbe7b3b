import Foundation
import Logging
import Signaling

extension IdentityService {
  /// A new guest.
  func openGuest(name: String) async throws(APIError) -> SessionBody {
    let user = StoredUser(person: Person(id: RandomName.make("u_"), name: try Self.guestName(name)), kind: .guest)
    _ = try await stored { try await $0.addUser(user) }
    return try await openSession(for: user)
  }

  /// As everybody sees it, and composed (NFC): the same name is the same bytes.
  static func guestName(_ raw: String) throws(APIError) -> String {
    do throws(SignalingError) {
      return try DisplayText.name(try DisplayText.name(raw).precomposedStringWithCanonicalMapping)
    } catch {
      throw APIError(error)
    }
  }

  /// A new session with its first pair of tokens, if the user's password is still the one `user` was read with.
  func openSession(for user: StoredUser, from place: String? = nil) async throws(APIError) -> SessionBody {
    let refresh = RefreshToken(session: RandomName.make("s_"))
    let session = StoredSession(
      id: refresh.session, user: user.id, refresh: refresh.digest, place: place,
      expiresAt: expiry(of: limits.sessionLifetime))
    guard try await stored({ try await $0.addSession(session, of: user) }) else { throw .credentials }
    return try await body(of: user, session, refresh)
  }

  /// A new pair of tokens for an older refresh token, which is void from now on. One that was used before ends the
  /// session: two parties have it, and nobody knows which is the right one. The last one is forgiven for a moment, since
  /// an answer can be lost; the tokens that nobody has shown are replaced then, and end the session when they are.
  func refresh(_ text: String) async throws(APIError) -> SessionBody {
    guard let old = RefreshToken(text: text) else { throw .refreshInvalid }
    let new = RefreshToken(session: old.session)
    let now = ServerClock.wallMilliseconds()
    let exchange = RefreshExchange(
      old: old.digest, new: new.digest, now: now, expiresAt: expiry(of: limits.sessionLifetime),
      repeatsSince: now - Int64(limits.refreshRepeat * 1000))
    switch try await stored({ try await $0.rotateSession(old.session, by: exchange) }) {
    case .unknown: throw .refreshInvalid
    case .banned: throw .authBanned
    case .reused:
      book.revoke([old.session])
      throw .refreshInvalid
    case .rotated(let id):
      guard let user = try await known(id) else { throw .refreshInvalid }
      let session = StoredSession(id: new.session, user: id, refresh: new.digest, expiresAt: exchange.expiresAt)
      return try await body(of: user, session, new)
    }
  }

  /// Ends one session; its tokens are void at once.
  func signOut(_ session: String) async throws(APIError) {
    book.revoke([session])
    try await stored { try await $0.revokeSession(session) }
  }

  func accessToken(of session: StoredSession, until expiresAt: Int64) async throws(APIError) -> String {
    do {
      return try await tokens.token(
        for: .init(user: session.user, session: session.id, issuer: session.issuer, expiresAt: expiresAt))
    } catch {
      logger.error("A token could not be signed.")
      throw .internalFault
    }
  }

  func expiry(of seconds: Double) -> Int64 { ServerClock.wallMilliseconds() + Int64(seconds * 1000) }

  private func body(
    of user: StoredUser, _ session: StoredSession, _ refresh: RefreshToken
  ) async throws(APIError) -> SessionBody {
    let lifetime = user.kind == .guest ? limits.guestTokenLifetime : limits.accountTokenLifetime
    let token = try await accessToken(of: session, until: expiry(of: lifetime))
    return SessionBody(
      userId: user.id, name: user.person.name, token: token, expiresIn: Int(lifetime), refreshToken: refresh.text)
  }
}
