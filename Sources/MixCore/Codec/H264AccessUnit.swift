/// The layout of one H.264 access unit: NAL units, each behind a 4-byte big-endian length (ISO/IEC 14496-15 §5.3.4.2).
enum H264AccessUnit {
  static let lengthSize = 4
  private static let idrSlice: UInt8 = 5

  /// Calls `body` with the range of each NAL unit's payload; `false` when the lengths do not add up to the data.
  static func forEachUnit(in data: [UInt8], _ body: (Range<Int>) -> Void) -> Bool {
    var position = 0
    while position < data.count {
      guard data.count - position > lengthSize else { return false }
      let length =
        Int(data[position]) << 24 | Int(data[position + 1]) << 16 | Int(data[position + 2]) << 8
        | Int(data[position + 3])
      position += lengthSize
      guard length > 0, length <= data.count - position else { return false }
      body(position..<position + length)
      position += length
    }
    return position > 0
  }

  /// Whether the access unit is well formed, and if so whether it is an instantaneous decoder refresh.
  static func isKeyFrame(_ data: [UInt8]) -> Bool? {
    var found = false
    let wellFormed = forEachUnit(in: data) { unit in
      if data[unit.lowerBound] & 0x1F == idrSlice { found = true }
    }
    return wellFormed ? found : nil
  }

  /// An AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1) for 8-bit 4:2:0 with one parameter set of each kind.
  static func decoderConfiguration(sequence: [UInt8], picture: [UInt8]) -> [UInt8]? {
    guard sequence.count >= 4, !picture.isEmpty, sequence.count <= 0xFFFF, picture.count <= 0xFFFF else { return nil }
    let profile = sequence[1]
    // Version, profile, compatibility, level; then reserved ones with a 4-byte length (3) and one sequence set (1).
    var record: [UInt8] = [1, profile, sequence[2], sequence[3], 0xFC | 3, 0xE0 | 1]
    record += [UInt8(sequence.count >> 8), UInt8(sequence.count & 0xFF)] + sequence
    record += [1, UInt8(picture.count >> 8), UInt8(picture.count & 0xFF)] + picture
    let hasChromaFields: Set<UInt8> = [100, 110, 122, 144]
    if hasChromaFields.contains(profile) {
      // chroma_format 1 (4:2:0), both bit depths 8, no sequence parameter set extensions.
      record += [0xFC | 1, 0xF8, 0xF8, 0]
    }
    return record
  }
}
