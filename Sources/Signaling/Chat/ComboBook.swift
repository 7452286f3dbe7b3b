/// Gifts that run up while the same user gives the same thing again in time.
struct ComboBook: Sendable, Equatable {
  struct Key: Hashable, Sendable {
    let user: String
    let gift: String
  }

  private struct Combo: Sendable, Equatable {
    var message: ChatMessage
    /// How many of its gifts everybody was told of.
    var told = 0
    var ends: Instant
  }

  private var combos: [Key: Combo] = [:]
  private var pruning = 256

  /// The message of the combo that runs, if there is one.
  func message(_ key: Key, at now: Instant) -> ChatMessage? {
    combos[key].flatMap { now < $0.ends ? $0.message : nil }
  }

  mutating func keep(_ message: ChatMessage, _ key: Key, until ends: Instant, at now: Instant) {
    if combos.count >= pruning {
      combos = combos.filter { now < $0.value.ends }
      pruning = max(256, combos.count * 2)
    }
    let running = combos[key].flatMap { $0.message.id == message.id ? $0 : nil }
    combos[key] = Combo(message: message, told: running?.told ?? 0, ends: ends)
  }

  /// Whether everybody was told of any gift of a combo.
  func isTold(_ key: Key) -> Bool { (combos[key]?.told ?? 0) > 0 }

  /// How many gifts of a combo nobody was told of; from now on everybody was.
  mutating func takeUntold(_ key: Key) -> Int {
    guard let combo = combos[key], let count = combo.message.gift?.count else { return 0 }
    combos[key]?.told = count
    return count - combo.told
  }

  mutating func remove(_ id: String) { combos = combos.filter { $0.value.message.id != id } }
}
