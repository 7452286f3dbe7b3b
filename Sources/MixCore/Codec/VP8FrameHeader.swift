/// The uncompressed start of a VP8 frame (RFC 6386 §9.1).
///
///     byte 0..2   bit 0: 1 = delta frame | bits 1..3: version | bit 4: shown | bits 5..23: first partition's size
///     byte 3..5   9D 01 2A                                                         (key frames only)
///     byte 6..9   14 bits width, 2 bits scale, 14 bits height, 2 bits scale        (key frames only)
struct VP8FrameHeader: Equatable {
  var isKeyFrame: Bool
  /// Key frames only.
  var size: PixelSize?

  private static let tagSize = 3
  private static let keyFrameSize = 10

  /// `nil` when the data cannot be a VP8 frame.
  init?(_ data: [UInt8]) {
    guard data.count > Self.tagSize else { return nil }
    let tag = UInt32(data[0]) | UInt32(data[1]) << 8 | UInt32(data[2]) << 16
    isKeyFrame = tag & 1 == 0
    let version = tag >> 1 & 7
    let headerSize = isKeyFrame ? Self.keyFrameSize : Self.tagSize
    guard version <= 3, data.count >= headerSize, Int(tag >> 5) <= data.count - headerSize else { return nil }
    guard isKeyFrame else { return }
    guard data[3] == 0x9D, data[4] == 0x01, data[5] == 0x2A else { return nil }
    size = PixelSize(
      width: Int(data[6]) | Int(data[7] & 0x3F) << 8, height: Int(data[8]) | Int(data[9] & 0x3F) << 8)
  }
}
