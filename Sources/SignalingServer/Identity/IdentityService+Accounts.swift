import Signaling

extension IdentityService {
  func openAccount(name: String, password: String, from address: String) async throws(APIError) -> SessionBody {
    let name = try AccountRules.name(name)
    let password = try AccountRules.password(password)
    // Before the work of hashing; the store looks once more.
    if try await stored({ try await $0.user(login: name.lowercased()) }) != nil { throw .accountExists }
    let user = StoredUser(
      person: Person(id: RandomName.make("u_"), name: name), kind: .account,
      password: try await passwords.hash(password))
    guard try await stored({ try await $0.addUser(user) }) else { throw .accountExists }
    return try await openSession(for: user, from: address)
  }

  /// Unknown names, guests and wrong passwords are refused with the same words after the same work.
  func signIn(name: String, password: String, from address: String) async throws(APIError) -> SessionBody {
    let login = String(name.lowercased().prefix(32))
    let user = try await stored { try await $0.user(login: login) }
    let isFamiliar = try await stored { try await $0.hasSignedIn(login, from: address) }
    guard rates.admit(login, from: address, isFamiliar: isFamiliar) else { throw .signInTooOften }
    guard
      try await verify(
        password, user?.password,
        giveBack: { rates.giveBack(login, from: address, isFamiliar: isFamiliar) }), let user
    else { throw .credentials }
    if book.isBanned(user.id) { throw .authBanned }
    return try await openSession(for: user, from: address)
  }

  /// A new password ends all other sessions of the account.
  func changePassword(of caller: Caller, from old: String, to new: String) async throws(APIError) {
    guard let id = caller.person?.id, let user = try await stored({ try await $0.user(id: id) }), user.login != nil
    else { throw .accountNeeded }
    let new = try AccountRules.password(new)
    guard rates.changes.take(id) else { throw .signInTooOften }
    guard try await verify(old, user.password, giveBack: { rates.changes.giveBack(id) }) else { throw .credentials }
    let hash = try await passwords.hash(new)
    try await replacePassword(of: user, with: hash, keeping: caller.credential)
  }

  /// Only a wrong password counts as a try, not one that was never looked at.
  private func verify(
    _ password: String, _ stored: String?, giveBack: () -> Void
  ) async throws(APIError) -> Bool {
    do throws(APIError) {
      let isRight = try await passwords.verify(String(password.prefix(256)), stored)
      if isRight { giveBack() }
      return isRight
    } catch {
      giveBack()
      throw error
    }
  }

  /// Sign-ins that have verified the old password but have no session yet come too late (`addSession`).
  private func replacePassword(
    of user: StoredUser, with hash: String, keeping session: String?
  ) async throws(APIError) {
    let ended = try await stored { try await $0.replacePassword(of: user, with: hash, keeping: session) }
    guard let ended else { throw .credentials }
    book.forget(user.id)
    book.revoke(ended)
  }

  /// Refuses what nobody has to look at to refuse it.
  func admitRenaming(_ caller: Caller, to name: String) throws(APIError) {
    guard caller.kind == .guest, let id = caller.person?.id else { throw .accountName }
    _ = try Self.guestName(name)
    guard rates.renames.take(id) else { throw .nameTooOften }
  }

  /// A guest's new name; the name of an account is what it signs in with, and stays.
  func rename(_ caller: Caller, to name: String) async throws(APIError) {
    guard caller.kind == .guest, let id = caller.person?.id else { throw .accountName }
    let name = try Self.guestName(name)
    try await stored { try await $0.renameUser(id, to: name) }
    book.forget(id)
  }

  /// The configured operator is the only one. His password is the configured one, whoever had the name before.
  func install(_ account: OperatorAccount?) async throws(APIError) {
    guard let account else { return try await stored { try await $0.setOperator(nil) } }
    let login = account.name.lowercased()
    if let user = try await stored({ try await $0.user(login: login) }) {
      if try await !passwords.verify(account.password, user.password) {
        let hash = try await passwords.hash(account.password)
        try await replacePassword(of: user, with: hash, keeping: nil)
      }
      return try await stored { try await $0.setOperator(user.id) }
    }
    let user = StoredUser(
      person: Person(id: RandomName.make("u_"), name: account.name), kind: .account,
      password: try await passwords.hash(account.password))
    _ = try await stored { try await $0.addUser(user) }
    try await stored { try await $0.setOperator(user.id) }
  }
}
