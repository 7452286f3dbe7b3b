/// Gifts that run up while the same user gives the same thing again in time.
struct ComboBook: Sendable, Equatable {
  struct Key: Hashable, Sendable {
    let user: String
    let gift: String
  }

  struct Combo: Sendable, Equatable {
    /// The id of the message that stands for it.
    let message: String
    /// All its gifts.
    let count: Int
    let ends: Instant
  }

  private var combos: [Key: Combo] = [:]
  private var pruning = 256

  /// The one that goes on with the next gift, if there is one.
  func running(_ key: Key, at now: Instant) -> Combo? { combos[key].flatMap { now < $0.ends ? $0 : nil } }

  mutating func keep(_ combo: Combo, _ key: Key, at now: Instant) {
    if combos.count >= pruning {
      combos = combos.filter { now < $0.value.ends }
      pruning = max(256, combos.count * 2)
    }
    combos[key] = combo
  }

  mutating func remove(_ id: String) { combos = combos.filter { $0.value.message != id } }
}
