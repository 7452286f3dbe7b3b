/// A cursor over received bytes that answers `nil` instead of reading past their end.
///
/// It borrows the bytes: valid only while the closure or call that provided them runs.
@safe
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  var remaining: Int { unsafe bytes.count &- offset }

  mutating func uint8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { offset &+= 1 }
    return unsafe bytes[offset]
  }

  mutating func uint16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    defer { offset &+= 2 }
    return unsafe UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  mutating func uint24() -> UInt32? {
    guard remaining >= 3, let high = uint16(), let low = uint8() else { return nil }
    return UInt32(high) << 8 | UInt32(low)
  }

  mutating func uint32() -> UInt32? {
    guard remaining >= 4 else { return nil }
    defer { offset &+= 4 }
    return unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  mutating func uint64() -> UInt64? {
    guard remaining >= 8 else { return nil }
    defer { offset &+= 8 }
    return unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, remaining >= count else { return false }
    offset &+= count
    return true
  }

  /// The next `count` bytes.
  @unsafe mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, remaining >= count else { return nil }
    defer { offset &+= count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset &+ count)])
  }

  /// Everything not yet read.
  @unsafe mutating func rest() -> UnsafeRawBufferPointer {
    defer { unsafe offset = bytes.count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
  }
}
