/// Samples at a chosen misalignment between guard bytes that nobody may change.
@safe final class GuardedRow {
  private static let guardCount = 64
  private static let guardValue: UInt8 = 0xA5
  @unsafe private let memory: UnsafeMutableBufferPointer<UInt8>
  private let offset: Int
  let count: Int

  init(_ values: [UInt8], misalignment: Int) {
    count = values.count
    offset = Self.guardCount + misalignment
    unsafe memory = .allocate(capacity: offset + count + Self.guardCount)
    unsafe memory.initialize(repeating: Self.guardValue)
    for index in values.indices { unsafe memory[offset + index] = values[index] }
  }

  deinit { unsafe memory.deallocate() }

  @unsafe var base: UnsafeMutablePointer<UInt8> { unsafe memory.baseAddress.unsafelyUnwrapped + offset }

  var values: [UInt8] { unsafe Array(memory[offset..<offset + count]) }

  var isGuardIntact: Bool {
    for index in 0..<offset where unsafe memory[index] != Self.guardValue { return false }
    for index in unsafe (offset + count)..<memory.count where unsafe memory[index] != Self.guardValue { return false }
    return true
  }
}

/// The same numbers on every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Every third row is made of extremes: those find overflows.
  mutating func samples(_ count: Int) -> [UInt8] {
    let extreme = next() % 3 == 0
    return (0..<count).map { _ in
      let value = next()
      return extreme ? (value & 1 == 0 ? 0 : 255) : UInt8(truncatingIfNeeded: value)
    }
  }
}
