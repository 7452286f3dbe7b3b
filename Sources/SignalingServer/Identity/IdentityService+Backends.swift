import Signaling

/// What an API key looks like.
enum APIKey {
  static let prefix = "mk_"
  static func make() -> String { prefix + Secret.make() }
}

/// Who mints tokens for users: an API key, by its id, or an operator.
enum Issuer {
  static let platform = "operator"

  static func of(_ caller: Caller?) -> String { caller?.kind == .backend ? caller?.credential ?? platform : platform }
}

extension IdentityService {
  /// The key is in the answer and nowhere else.
  func makeKey(name: String) async throws(APIError) -> (key: StoredKey, secret: String) {
    guard let name = try? DisplayText.name(name) else { throw .keyName }
    guard book.keys.count < limits.apiKeys else { throw .keyLimit }
    let secret = APIKey.make()
    let key = StoredKey(
      id: RandomName.make("k_"), name: name, hash: Secret.digest(secret), createdAt: ServerClock.wallMilliseconds())
    try await stored { try await $0.addKey(key) }
    book.add(key)
    return (key, secret)
  }

  /// With it end the tokens that it minted, and what was opened with them.
  func removeKey(_ id: String) async throws(APIError) {
    book.removeKey(id)
    guard try await stored({ try await $0.removeKey(id) }) else { throw .keyUnknown }
  }

  /// A user whom a backend speaks for: one that a backend made before, or a new one. Never an account, and never a guest
  /// who came by himself.
  func backendUser(id: String?, name: String, by issuer: String) async throws(APIError) -> StoredUser {
    let name = try Self.guestName(name)
    if let id, let user = try await known(id) {
      guard user.issuer != nil else { throw APIError(.forbidden) }
      try requireUnbanned(id)
      if user.person.name == name { return user }
    } else if let id {
      _ = try Self.backendUserID(id)
    }
    let wanted = StoredUser(
      person: Person(id: id ?? RandomName.make("u_"), name: name), kind: .guest, issuer: issuer)
    let user = try await stored { try await $0.putBackendUser(wanted) }
    book.forget(wanted.id)
    guard let user else { throw APIError(.forbidden) }
    return user
  }

  private static func backendUserID(_ raw: String) throws(APIError) -> String {
    guard raw.isPlainIdentifier, !raw.hasPrefix("u_") else { throw .tokenUser }
    return raw
  }

  /// A token without a refresh token: the backend mints another one when it is needed.
  func mint(for user: StoredUser, lifetime: Int, by issuer: String) async throws(APIError) -> String {
    let session = StoredSession(
      id: RandomName.make("s_"), user: user.id, refresh: nil, issuer: issuer, expiresAt: expiry(of: Double(lifetime)))
    guard try await stored({ try await $0.addSession(session, of: user) }) else { throw .internalFault }
    return try await accessToken(of: session, until: session.expiresAt)
  }
}
