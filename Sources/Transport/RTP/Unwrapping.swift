/// Extends 16-bit sequence numbers over their wraps: each becomes the value nearest to the newest one so far.
struct SequenceUnwrapper: Sendable {
  private(set) var newest: Int64?

  mutating func unwrap(_ value: UInt16) -> Int64 {
    guard let reference = newest else {
      newest = Int64(value)
      return Int64(value)
    }
    let extended = reference &+ Int64(value.distance(since: UInt16(truncatingIfNeeded: reference)))
    newest = max(reference, extended)
    return extended
  }
}

/// Extends 32-bit RTP timestamps over their wraps: each becomes the value nearest to the one before it.
struct TimestampUnwrapper: Sendable {
  private(set) var last: Int64?

  mutating func unwrap(_ value: UInt32) -> Int64 {
    let extended = peek(value)
    last = extended
    return extended
  }

  /// What `unwrap` would answer, without remembering it.
  func peek(_ value: UInt32) -> Int64 {
    guard let last else { return Int64(value) }
    return last &+ Int64(value.distance(since: UInt32(truncatingIfNeeded: last)))
  }
}

extension UInt16 {
  /// The signed way from `other` to `self` on the circle of sequence numbers.
  func distance(since other: UInt16) -> Int16 { Int16(truncatingIfNeeded: self &- other) }
}

extension UInt32 {
  /// The signed way from `other` to `self` on the circle of timestamps.
  func distance(since other: UInt32) -> Int32 { Int32(truncatingIfNeeded: self &- other) }
}
