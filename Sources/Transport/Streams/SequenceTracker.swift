/// Accepts, extends and counts the sequence numbers of one source (RFC 3550 appendix A.1).
struct SequenceTracker: Sendable {
  enum Verdict: Equatable {
    /// Not seen before; `isNewest` if it lies beyond all others.
    case accepted(Int64, isNewest: Bool)
    /// The sender began a new numbering: everything before this number is history.
    case restarted(Int64)
    case duplicate
    /// So far off that a second packet must confirm it before anything is believed.
    case rejected
  }

  private static let maximumDropout = 3000
  /// Older packets than this are of no use, and no longer told from duplicates.
  private static let window: Int64 = 1024

  private(set) var newest: Int64?
  /// The first number since the last restart.
  private(set) var first: Int64 = 0
  private var suspect: UInt16?
  /// One bit per number of the window: seen.
  private var seen = InlineArray<16, UInt64>(repeating: 0)

  mutating func note(_ sequence: UInt16) -> Verdict {
    guard let newest else {
      restart(at: Int64(sequence))
      return .restarted(Int64(sequence))
    }
    let distance = Int64(sequence.distance(since: UInt16(truncatingIfNeeded: newest)))
    let extended = newest &+ distance
    if distance > 0, distance <= Self.maximumDropout {
      for skipped in 1...min(distance, Self.window) { setSeen(newest &+ skipped, to: false) }
      setSeen(extended, to: true)
      self.newest = extended
      suspect = nil
      return .accepted(extended, isNewest: true)
    }
    if distance <= 0, distance > -Self.window {
      if isSeen(extended) { return .duplicate }
      setSeen(extended, to: true)
      first = min(first, extended)
      return .accepted(extended, isNewest: false)
    }
    guard sequence == suspect else {
      suspect = sequence &+ 1
      return .rejected
    }
    // Beyond every number of the old sequence, with the same low bits.
    let next = ((newest >> 16) &+ 2) << 16 | Int64(sequence)
    restart(at: next)
    return .restarted(next)
  }

  /// Forgets the source; the numbers of the next one lie beyond all of this one's.
  mutating func changeSource(firstSequence: UInt16) -> Int64 {
    let next = newest.map { (($0 >> 16) &+ 2) << 16 | Int64(firstSequence) } ?? Int64(firstSequence)
    restart(at: next)
    return next
  }

  private mutating func restart(at extended: Int64) {
    newest = extended
    first = extended
    suspect = nil
    // What came before a first packet may still arrive: nothing is marked as seen.
    seen = InlineArray(repeating: 0)
    setSeen(extended, to: true)
  }

  private func isSeen(_ sequence: Int64) -> Bool {
    let bit = Int(truncatingIfNeeded: sequence & (Self.window - 1))
    return seen[bit >> 6] & 1 << UInt64(bit & 63) != 0
  }

  private mutating func setSeen(_ sequence: Int64, to value: Bool) {
    let bit = Int(truncatingIfNeeded: sequence & (Self.window - 1))
    let mask: UInt64 = 1 << UInt64(bit & 63)
    if value { seen[bit >> 6] |= mask } else { seen[bit >> 6] &= ~mask }
  }
}
