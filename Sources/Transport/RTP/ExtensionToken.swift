/// A MID or RID of at most 16 bytes, kept without allocation so that it can be compared per packet.
struct ExtensionToken: Hashable, Sendable {
  static let maximumLength = 16

  private var high: UInt64 = 0
  private var low: UInt64 = 0
  private(set) var length = 0

  init?(_ text: String) {
    guard (1...Self.maximumLength).contains(text.utf8.count) else { return nil }
    for byte in text.utf8 { append(byte) }
  }

  init?(_ bytes: UnsafeRawBufferPointer) {
    guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
    for index in bytes.indices { append(unsafe bytes[index]) }
  }

  private mutating func append(_ byte: UInt8) {
    high = high << 8 | low >> 56
    low = low << 8 | UInt64(byte)
    length &+= 1
  }

  func write(into writer: inout ByteWriter) {
    for index in stride(from: length &- 1, through: 0, by: -1) {
      let word = index >= 8 ? high : low
      writer.uint8(UInt8(truncatingIfNeeded: word >> UInt64((index & 7) &* 8)))
    }
  }
}
