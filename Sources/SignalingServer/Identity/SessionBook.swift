import Signaling
import Synchronization

/// What decides about a token without asking the store: ended sessions, banned users, API keys, and the users seen
/// lately. The store has it all too; this is filled from it at the start and changed with it.
final class SessionBook: Sendable {
  private struct State {
    var revoked: Set<String> = []
    var banned: Set<String> = []
    var keys: [[UInt8]: StoredKey] = [:]
    var keyNames: Set<String> = []
    var users: [String: StoredUser] = [:]
  }

  private let state = Mutex(State())
  private let capacity: Int
  /// Says that sessions or keys were revoked. One reader only.
  let revocations: AsyncStream<Void>
  private let news: AsyncStream<Void>.Continuation

  init(capacity: Int = 50_000) {
    self.capacity = capacity
    (revocations, news) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func fill(revoked: [String], banned: [String], keys: [StoredKey]) {
    state.withLock { state in
      state.revoked = Set(revoked)
      state.banned = Set(banned)
      state.keys = keys.reduce(into: [:]) { $0[$1.hash] = $1 }
      state.keyNames = Set(keys.map(\.id))
    }
  }

  /// Of the session or key itself, and of the key that minted the token.
  func validity(of caller: Caller) -> Validity {
    state.withLock { state in
      if let person = caller.person, state.banned.contains(person.id) { return .banned }
      let key = caller.kind == .backend ? caller.credential : caller.issuer
      if let key, key != Issuer.platform, !state.keyNames.contains(key) { return .signedOut }
      return state.revoked.contains(caller.credential) ? .signedOut : .good
    }
  }

  /// Who names himself must be neither banned nor signed out.
  func requireGood(_ caller: Caller?) throws(APIError) {
    if let caller { try validity(of: caller).require() }
  }

  func revoke(_ sessions: [String]) {
    state.withLock { $0.revoked.formUnion(sessions) }
    news.yield()
  }

  /// Those whose tokens have all expired.
  func forget(sessions: [String]) { state.withLock { $0.revoked.subtract(sessions) } }

  func isBanned(_ user: String) -> Bool { state.withLock { $0.banned.contains(user) } }
  func ban(_ user: String) { _ = state.withLock { $0.banned.insert(user) } }
  func unban(_ user: String) { _ = state.withLock { $0.banned.remove(user) } }

  func user(_ id: String) -> StoredUser? { state.withLock { $0.users[id] } }

  func remember(_ user: StoredUser) {
    state.withLock { state in
      // They come back from the store one by one.
      if state.users.count >= capacity { state.users.removeAll(keepingCapacity: true) }
      state.users[user.id] = user
    }
  }

  func forget(_ user: String) { _ = state.withLock { $0.users.removeValue(forKey: user) } }

  func key(_ hash: [UInt8]) -> StoredKey? { state.withLock { $0.keys[hash] } }
  var keys: [StoredKey] { state.withLock { $0.keys.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } } }
  func add(_ key: StoredKey) {
    state.withLock { state in
      state.keys[key.hash] = key
      state.keyNames.insert(key.id)
    }
  }

  func removeKey(_ id: String) {
    state.withLock { state in
      state.keys = state.keys.filter { $0.value.id != id }
      state.keyNames.remove(id)
    }
    news.yield()
  }
}
