import Signaling

/// Who sent a request, as far as its credentials prove it.
struct Caller: Sendable, Equatable {
  enum Kind: String, Sendable, Codable { case guest, account, `operator`, backend }

  let kind: Kind
  /// `nil` for a backend, which is nobody in a room.
  var person: Person?
  /// The user's session, or the API key of a backend.
  let credential: String
  /// Who minted the token; `nil` if the user signed in himself.
  var issuer: String?
  /// Until when the token is good, in milliseconds since 1970; `nil` for API keys.
  var expiresAt: Int64?
}

extension IdentityService {
  /// The same caller with the name he has now.
  func current(_ caller: Caller) async throws(APIError) -> Caller {
    guard let id = caller.person?.id, let user = try await known(id) else { return caller }
    return Caller(
      kind: user.callerKind, person: user.person, credential: caller.credential, issuer: caller.issuer,
      expiresAt: caller.expiresAt)
  }
}

/// Whether what was proved once still counts.
enum Validity: Sendable { case good, signedOut, banned }

extension Validity {
  /// Refuses who may not be here any more.
  func require() throws(APIError) {
    switch self {
    case .good: break
    case .signedOut: throw .authInvalid
    case .banned: throw .authBanned
    }
  }
}
