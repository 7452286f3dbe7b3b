/// Which of the last thousand sequence numbers have come, to tell a copy from a packet that comes late.
struct SeenSequences: Sendable {
  private static let size = 1_024

  private var sequences = [Int64](repeating: .min, count: size)

  /// Whether this is the first one of its number.
  mutating func insert(_ sequence: Int64) -> Bool {
    let slot = Int(truncatingIfNeeded: sequence) & (Self.size - 1)
    guard sequences[slot] != sequence else { return false }
    sequences[slot] = sequence
    return true
  }
}
