/// Where a session's unpredictable values come from: the system in production, a seed in tests.
public enum RandomSource: Sendable, RandomNumberGenerator {
  case system
  /// SplitMix64: repeatable, and therefore never to be used on a real network.
  case seeded(state: UInt64)

  public mutating func next() -> UInt64 {
    switch self {
    case .system:
      var generator = SystemRandomNumberGenerator()
      return generator.next()
    case .seeded(var state):
      state &+= 0x9e37_79b9_7f4a_7c15
      self = .seeded(state: state)
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  /// A source of its own for a part that keeps one.
  mutating func split() -> RandomSource {
    switch self {
    case .system: .system
    case .seeded: .seeded(state: next())
    }
  }
}
