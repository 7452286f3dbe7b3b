/// The items of an SDES packet (RFC 3550 §6.5), chunk by chunk.
@safe
struct SourceDescriptions: IteratorProtocol, Sequence {
  struct Item {
    var ssrc: UInt32
    var kind: UInt8
    var text: String
  }

  static let canonicalName: UInt8 = 1

  private var reader: ByteReader
  private var ssrc: UInt32?

  init(_ bytes: UnsafeRawBufferPointer) { reader = unsafe ByteReader(bytes) }

  mutating func next() -> Item? {
    while true {
      guard let source = ssrc ?? reader.uint32(), let kind = reader.uint8() else { return nil }
      ssrc = source
      if kind == 0 {
        // A zero ends the chunk, which is filled up to a multiple of four bytes.
        guard reader.skip((4 &- reader.offset & 3) & 3) else { return nil }
        ssrc = nil
        continue
      }
      guard let length = reader.uint8(), let text = unsafe reader.slice(Int(length)) else { return nil }
      return unsafe Item(ssrc: source, kind: kind, text: String(decoding: text, as: UTF8.self))
    }
  }
}

/// The sources of a BYE (RFC 3550 §6.6).
@safe
struct SourceList: IteratorProtocol, Sequence {
  private var reader: ByteReader
  private var left: Int

  init(_ bytes: UnsafeRawBufferPointer, count: Int) {
    reader = unsafe ByteReader(bytes)
    left = count
  }

  mutating func next() -> UInt32? {
    guard left > 0 else { return nil }
    left &-= 1
    return reader.uint32()
  }
}
