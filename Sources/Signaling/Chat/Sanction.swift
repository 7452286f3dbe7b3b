/// A user who may not write, or not be in the room.
public struct Sanction: Sendable, Equatable {
  public internal(set) var user: Person
  /// `nil` for ever.
  public let until: Instant?
  public let reason: String?
  public internal(set) var by: Person

  func holds(at now: Instant) -> Bool { until.map { now < $0 } ?? true }
}

/// Mutes or bans, by user. What is over is forgotten when something is added.
struct SanctionList: Sendable, Equatable {
  private(set) var entries: [String: Sanction]

  init(_ sanctions: [Sanction] = []) {
    entries = Dictionary(sanctions.map { ($0.user.id, $0) }) { _, last in last }
  }

  func entry(of user: String, at now: Instant) -> Sanction? {
    entries[user].flatMap { $0.holds(at: now) ? $0 : nil }
  }

  func all(at now: Instant) -> [Sanction] {
    entries.values.filter { $0.holds(at: now) }.sorted { ($0.user.name, $0.user.id) < ($1.user.name, $1.user.id) }
  }

  mutating func add(_ sanction: Sanction, limit: Int, at now: Instant) throws(SignalingError) {
    if entries[sanction.user.id] == nil, entries.count >= limit {
      entries = entries.filter { $0.value.holds(at: now) }
      if entries.count >= limit { throw .moderationFull }
    }
    entries[sanction.user.id] = sanction
  }

  /// Who is in it, and who has put them there.
  var named: Set<String> { entries.values.reduce(into: []) { $0.formUnion([$1.user.id, $1.by.id]) } }

  /// Whether any of them has another name now.
  mutating func take(names: [String: String]) -> Bool {
    var isNew = false
    for (user, sanction) in entries {
      var sanction = sanction
      let (isRenamed, isByRenamed) = (sanction.user.take(names), sanction.by.take(names))
      guard isRenamed || isByRenamed else { continue }
      entries[user] = sanction
      isNew = true
    }
    return isNew
  }

  mutating func remove(_ user: String) -> Sanction? { entries.removeValue(forKey: user) }
}
