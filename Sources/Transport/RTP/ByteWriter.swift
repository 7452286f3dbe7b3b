/// A cursor over a buffer to be sent; what does not fit is not written but remembered in `overflowed`.
///
/// It borrows the buffer: valid only while the closure or call that provided it runs.
@safe
struct ByteWriter {
  private let bytes: UnsafeMutableRawBufferPointer
  private(set) var position = 0
  private(set) var overflowed = false

  init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = bytes }

  var remaining: Int { unsafe bytes.count &- position }

  /// Bytes written, or 0 if they did not all fit.
  var finished: Int { overflowed ? 0 : position }

  private mutating func reserve(_ count: Int) -> Bool {
    if remaining < count { overflowed = true }
    return !overflowed
  }

  mutating func uint8(_ value: UInt8) {
    guard reserve(1) else { return }
    unsafe bytes[position] = value
    position &+= 1
  }

  mutating func uint16(_ value: UInt16) {
    guard reserve(2) else { return }
    unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: position, as: UInt16.self)
    position &+= 2
  }

  mutating func uint24(_ value: UInt32) {
    uint16(UInt16(truncatingIfNeeded: value >> 8))
    uint8(UInt8(truncatingIfNeeded: value))
  }

  mutating func uint32(_ value: UInt32) {
    guard reserve(4) else { return }
    unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: position, as: UInt32.self)
    position &+= 4
  }

  mutating func uint64(_ value: UInt64) {
    guard reserve(8) else { return }
    unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: position, as: UInt64.self)
    position &+= 8
  }

  mutating func copy(_ source: UnsafeRawBufferPointer) {
    guard reserve(source.count), let from = source.baseAddress, let base = unsafe bytes.baseAddress else {
      return
    }
    unsafe (base + position).copyMemory(from: from, byteCount: source.count)
    position &+= source.count
  }

  mutating func text(_ value: String) {
    for byte in value.utf8 { uint8(byte) }
  }

  /// Zero bytes up to the next multiple of four from `start` on.
  mutating func pad(from start: Int) {
    while (position &- start) & 3 != 0, !overflowed { uint8(0) }
  }

  mutating func patch(_ value: UInt16, at offset: Int) {
    guard !overflowed, offset >= 0, offset &+ 2 <= position else { return }
    unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
  }

  mutating func patchByte(_ value: UInt8, at offset: Int) {
    guard !overflowed, offset >= 0, offset < position else { return }
    unsafe bytes[offset] = value
  }

  /// Takes back everything behind `offset`, an earlier `position`, also an overflow.
  mutating func rewind(to offset: Int) {
    position = min(max(offset, 0), position)
    overflowed = false
  }
}
