import Signaling

/// How often each user may change rooms, whichever they are and whichever way he asks. Operators and backends may always.
struct ChangePace: Sendable {
  private let users: KeyedRate

  init(_ limits: ServerLimits) {
    users = KeyedRate(burst: limits.changesBurst, perMinute: limits.changesPerMinute)
  }

  func require(of caller: Caller) throws(APIError) {
    guard let person = caller.person, caller.kind != .operator else { return }
    guard users.take(person.id) else { throw .requestTooOften }
  }
}
