import Signaling

/// What survives a restart of people and their rights: users, sessions, API keys, bans of the platform.
/// Every call returns after the change is durable.
protocol UserStore: Sendable {
  /// `false` if an account of that name exists.
  func addUser(_ user: StoredUser) async throws -> Bool
  func user(id: String) async throws -> StoredUser?
  func user(login: String) async throws -> StoredUser?
  func renameUser(_ id: String, to name: String) async throws
  /// Makes a user of a backend, or renames him; `nil` if there is one of that id who belongs to no backend.
  func putBackendUser(_ user: StoredUser) async throws -> StoredUser?
  /// Ends all sessions of an account but one with its old password, and returns them; `nil` if the password is not any
  /// more what `user` was read with.
  func replacePassword(of user: StoredUser, with password: String, keeping session: String?) async throws -> [String]?
  /// The one account that may run the platform; everybody else loses that right.
  func setOperator(_ id: String?) async throws

  /// `false` if the password is not any more what `user` was read with.
  func addSession(_ session: StoredSession, of user: StoredUser) async throws -> Bool
  /// Puts a new refresh token in the place of the old one; a wrong one ends the session.
  func rotateSession(_ id: String, by exchange: RefreshExchange) async throws -> SessionRotation
  func revokeSession(_ id: String) async throws
  /// Whether the account signed in from there, in a session that would not be over yet.
  func hasSignedIn(_ login: String, from place: String) async throws -> Bool
  /// Those of the callers whose session is over. One whose token was minted goes on while another one, minted by the
  /// same, is good.
  func whoIsOver(_ callers: [Caller], at now: Int64) async throws -> [Caller]
  func revokedSessions() async throws -> [String]
  /// Returns those that had been revoked.
  func forgetSessions(expiredBefore now: Int64) async throws -> [String]

  func addKey(_ key: StoredKey) async throws
  func keys() async throws -> [StoredKey]
  /// With the sessions of the tokens that it minted.
  func removeKey(_ id: String) async throws -> Bool

  func putBan(_ ban: StoredBan) async throws
  func removeBan(_ user: String) async throws -> Bool
  func ban(_ user: String) async throws -> StoredBan?
  func bannedUsers() async throws -> [String]
  /// Newest first, only those before `cursor`.
  func bans(before cursor: Int64?, limit: Int) async throws -> [StoredBan]
}

struct StoredUser: Sendable, Equatable {
  enum Kind: String, Sendable { case guest, account }

  let person: Person
  let kind: Kind
  /// Scrypt, with its salt and cost; `nil` for guests.
  var password: String?
  /// Whose backend made this user (`Issuer`).
  var issuer: String?

  var id: String { person.id }
  var isOperator: Bool { person.isOperator }
  /// What the name of an account is found by.
  var login: String? { kind == .account ? person.name.lowercased() : nil }
}

/// SHA-256 of the secret half of a refresh token.
typealias RefreshDigest = [UInt8]

struct StoredSession: Sendable, Equatable {
  let id: String
  let user: String
  /// `nil` for sessions that cannot be prolonged.
  let refresh: RefreshDigest?
  /// Who minted its one token; `nil` if the user signed in himself.
  var issuer: String?
  /// The address the account signed in from (`AddressGroup`).
  var place: String?
  /// Milliseconds since 1970; no token of the session is good for longer.
  let expiresAt: Int64
}

/// One refresh token for another. All times are milliseconds since 1970.
struct RefreshExchange: Sendable, Equatable {
  let old: RefreshDigest
  let new: RefreshDigest
  let now: Int64
  /// How long the session is good with it.
  let expiresAt: Int64
  /// The token before the newest is taken once more if it was exchanged after that.
  let repeatsSince: Int64
}

enum SessionRotation: Sendable, Equatable {
  case rotated(user: String)
  case unknown
  /// Nothing was exchanged: the ban may be lifted.
  case banned
  /// The refresh token was an older one: two parties have this session, so it is over for both.
  case reused
}

struct StoredKey: Sendable, Equatable {
  let id: String
  let name: String
  /// SHA-256 of the key.
  let hash: [UInt8]
  let createdAt: Int64
}

struct StoredBan: Sendable, Equatable {
  /// The place in the list; the store gives it.
  var sequence: Int64 = 0
  let user: Person
  let reason: String
  let bannedBy: String
  let createdAt: Int64
}
