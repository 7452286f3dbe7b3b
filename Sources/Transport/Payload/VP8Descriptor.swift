/// The VP8 payload descriptor in front of every packet (RFC 7741 §4.2).
///
///      0 1 2 3 4 5 6 7
///     |X|R|N|S|R| PID |      N: not a reference of any frame; S: begins a partition
///     |I|L|T|K|  RSV  |      if X
///     |M| PictureID   |      if I; 15 bits if M
///     |   TL0PICIDX   |      if L
///     |TID|Y| KEYIDX  |      if T or K
struct VP8Descriptor: Sendable, Equatable {
  var isNonReference = false
  var startsPartition = false
  var partition: UInt8 = 0
  var pictureID: UInt16?
  /// The PictureID wraps after 15 bits, not after 7.
  var hasLongPictureID = false
  /// Counts the frames of the base temporal layer.
  var baseLayerIndex: UInt8?
  var temporalLayer: UInt8?
  /// This frame refers to nothing but frames of the base layer.
  var isLayerSync = false
  var keyIndex: UInt8?
  /// Bytes of the descriptor itself.
  var length = 1

  init() {}

  init?(parsing payload: UnsafeRawBufferPointer) {
    var reader = unsafe ByteReader(payload)
    guard let first = reader.uint8() else { return nil }
    isNonReference = first & 0x20 != 0
    startsPartition = first & 0x10 != 0
    partition = first & 0x07
    if first & 0x80 != 0 {
      guard let flags = reader.uint8(), parseExtension(&reader, flags: flags) else { return nil }
    }
    length = reader.offset
  }

  private mutating func parseExtension(_ reader: inout ByteReader, flags: UInt8) -> Bool {
    if flags & 0x80 != 0 {
      guard let first = reader.uint8() else { return false }
      pictureID = UInt16(first & 0x7f)
      if first & 0x80 != 0 {
        guard let second = reader.uint8() else { return false }
        pictureID = UInt16(first & 0x7f) << 8 | UInt16(second)
        hasLongPictureID = true
      }
    }
    if flags & 0x40 != 0 {
      guard let index = reader.uint8() else { return false }
      baseLayerIndex = index
    }
    if flags & 0x30 != 0 {
      guard let layer = reader.uint8() else { return false }
      if flags & 0x20 != 0 {
        temporalLayer = layer >> 6
        isLayerSync = layer & 0x20 != 0
      }
      if flags & 0x10 != 0 { keyIndex = layer & 0x1f }
    }
    return true
  }

  var startsFrame: Bool { startsPartition && partition == 0 }

  /// True if `id` is that of the very next frame.
  func isFollowed(by next: VP8Descriptor) -> Bool {
    guard let pictureID, let id = next.pictureID, hasLongPictureID == next.hasLongPictureID else { return false }
    return id == (pictureID &+ 1) & (hasLongPictureID ? 0x7fff : 0x7f)
  }

  /// True if `next` can be decoded after this frame although frames in between were lost: those were of higher temporal
  /// layers, and `next` refers to the base layer only (RFC 7741 §4.2, TL0PICIDX and Y).
  func bridgesLoss(to next: VP8Descriptor) -> Bool {
    guard let base = baseLayerIndex, let nextBase = next.baseLayerIndex, let layer = next.temporalLayer else {
      return false
    }
    return layer == 0 ? nextBase == base &+ 1 : next.isLayerSync && nextBase == base
  }

  /// Writes the extended form with a 15-bit PictureID: always `VP8Packetizer.descriptorLength` bytes.
  static func write(into writer: inout ByteWriter, pictureID: UInt16, startsFrame: Bool) {
    writer.uint8(startsFrame ? 0x90 : 0x80)
    writer.uint8(0x80)
    writer.uint16(0x8000 | pictureID & 0x7fff)
  }
}
