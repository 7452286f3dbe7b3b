import Signaling

extension IdentityService {
  /// From now on nothing that proves to be this user is accepted.
  func ban(_ id: String, reason: String, by person: Person) async throws(APIError) -> StoredBan {
    guard let user = try await known(id) else { throw .userUnknown }
    if user.isOperator { throw APIError(.forbidden) }
    guard reason.count <= 100, reason.utf8.count <= 800 else { throw .banReason }
    let ban = StoredBan(
      user: user.person, reason: reason, bannedBy: person.id, createdAt: ServerClock.wallMilliseconds())
    try await stored { try await $0.putBan(ban) }
    book.ban(id)
    return ban
  }

  func unban(_ id: String) async throws(APIError) {
    guard try await stored({ try await $0.removeBan(id) }) else { throw .banUnknown }
    book.unban(id)
  }

  /// Nobody acts for who is banned either.
  func requireUnbanned(_ id: String) throws(APIError) {
    if book.isBanned(id) { throw .authBanned }
  }
}
