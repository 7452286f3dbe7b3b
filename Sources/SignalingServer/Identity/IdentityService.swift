import Logging
import Signaling

/// Who is asking, and who may ask again.
struct IdentityService: Sendable {
  let tokens: TokenAuthority
  let store: any UserStore
  let book: SessionBook
  let passwords: PasswordWorker
  let rates: SignInRates
  let limits: ServerLimits
  let logger: Logger

  /// Whose token or API key this is; refuses what is none, and the banned.
  func caller(of token: String) async throws(APIError) -> Caller {
    if token.hasPrefix(APIKey.prefix) {
      guard let key = book.key(Secret.digest(token)) else { throw .authInvalid }
      return Caller(kind: .backend, person: nil, credential: key.id)
    }
    guard let identity = await tokens.identity(of: token), let user = try await known(identity.user) else {
      throw .authInvalid
    }
    let caller = Caller(
      kind: user.callerKind, person: user.person, credential: identity.session, issuer: identity.issuer,
      expiresAt: identity.expiresAt)
    try book.requireGood(caller)
    return caller
  }

  func validity(of caller: Caller) -> Validity { book.validity(of: caller) }

  func find(_ id: String) async throws(APIError) -> Person? { try await known(id)?.person }

  func known(_ id: String) async throws(APIError) -> StoredUser? {
    if let user = book.user(id) { return user }
    guard id.utf8.count <= 64, let user = try await stored({ try await $0.user(id: id) }) else { return nil }
    book.remember(user)
    return user
  }

  func stored<Value: Sendable>(
    _ operation: (any UserStore) async throws -> Value
  ) async throws(APIError) -> Value {
    do {
      return try await operation(store)
    } catch {
      throw .storeFailed(error, logger)
    }
  }
}

extension StoredUser {
  var callerKind: Caller.Kind {
    switch kind {
    case .guest: .guest
    case .account: isOperator ? .operator : .account
    }
  }
}
