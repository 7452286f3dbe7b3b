import MixCore

/// Reads the size of a picture from the first packet of a key frame.
enum PictureSize {
  /// `headerLength` are the bytes in front of the codec's own.
  static func find(
    in payload: UnsafeRawBufferPointer, headerLength: Int, codec: VideoCodec
  ) -> (width: Int, height: Int)? {
    switch codec {
    case .vp8: return unsafe vp8(UnsafeRawBufferPointer(rebasing: payload.dropFirst(headerLength)))
    case .h264: return unsafe h264(payload)
    }
  }

  /// RFC 6386 §9.1: frame tag, start code, then 14 bits of size under 2 of scale, little-endian.
  private static func vp8(_ frame: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
    var reader = unsafe ByteReader(frame)
    guard reader.skip(3), reader.uint24() == 0x9d012a, let width = reader.uint16(), let height = reader.uint16() else {
      return nil
    }
    return (Int(width.byteSwapped & 0x3fff), Int(height.byteSwapped & 0x3fff))
  }

  /// From a sequence parameter set, alone or in an aggregate.
  private static func h264(_ payload: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
    guard let first = unsafe payload.first else { return nil }
    switch first & H264NAL.typeMask {
    case H264NAL.sequenceParameters: return unsafe H264SequenceParameters(payload)?.size
    case H264NAL.aggregation:
      for unit in unsafe H264Units(UnsafeRawBufferPointer(rebasing: payload.dropFirst()), hasLongLengths: false)
      where unit.type == H264NAL.sequenceParameters {
        return unsafe H264SequenceParameters(unit.bytes)?.size
      }
      return nil
    default: return nil
    }
  }
}

/// As much of a sequence parameter set (ITU-T H.264 §7.3.2.1.1) as tells the size of the picture.
struct H264SequenceParameters {
  let size: (width: Int, height: Int)

  /// Profiles whose parameter sets describe the chroma format.
  private static let chromaProfiles: [UInt32] = [44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244]
  /// Of samples; larger numbers are nonsense.
  private static let greatestSize = 16_384

  init?(_ unit: UnsafeRawBufferPointer) {
    var bits = unsafe H264BitReader(UnsafeRawBufferPointer(rebasing: unit.dropFirst()))
    guard let profile = bits.read(8), bits.read(16) != nil, bits.exponential() != nil else { return nil }
    var chroma: UInt32 = 1
    if Self.chromaProfiles.contains(profile) {
      guard let format = Self.readChroma(&bits) else { return nil }
      chroma = format
    }
    guard bits.exponential() != nil, Self.skipOrder(&bits), bits.exponential() != nil, bits.read(1) != nil,
      let columns = bits.exponential(), let rows = bits.exponential(), let framesOnly = bits.read(1),
      framesOnly == 1 || bits.read(1) != nil, bits.read(1) != nil, let hasCrop = bits.read(1),
      columns < 1024, rows < 1024
    else { return nil }
    var width = (Int(columns) &+ 1) &* 16
    var height = (Int(rows) &+ 1) &* 16 &* (framesOnly == 1 ? 1 : 2)
    if hasCrop == 1 {
      guard let left = bits.exponential(), let right = bits.exponential(), let top = bits.exponential(),
        let bottom = bits.exponential(), max(left, right, top, bottom) < 16_384
      else { return nil }
      // Units of cropping: two samples where the chroma has half as many, twice that in rows of fields.
      width -= Int(left &+ right) &* (chroma == 1 || chroma == 2 ? 2 : 1)
      height -= Int(top &+ bottom) &* (chroma == 1 ? 2 : 1) &* (framesOnly == 1 ? 1 : 2)
    }
    guard (1...Self.greatestSize).contains(width), (1...Self.greatestSize).contains(height) else { return nil }
    size = (width, height)
  }

  /// chroma_format_idc, bit depths, transform bypass and scaling lists.
  private static func readChroma(_ bits: inout H264BitReader) -> UInt32? {
    guard let format = bits.exponential(), format < 4, format != 3 || bits.read(1) != nil,
      bits.exponential() != nil, bits.exponential() != nil, bits.read(1) != nil, let hasLists = bits.read(1)
    else { return nil }
    guard hasLists == 1 else { return format }
    for list in 0..<(format == 3 ? 12 : 8) {
      guard let isPresent = bits.read(1) else { return nil }
      guard isPresent == 0 || skipScalingList(&bits, count: list < 6 ? 16 : 64) else { return nil }
    }
    return format
  }

  private static func skipScalingList(_ bits: inout H264BitReader, count: Int) -> Bool {
    var last: Int64 = 8
    for _ in 0..<count {
      guard let code = bits.exponential() else { return false }
      let delta = code & 1 == 1 ? Int64(code) / 2 &+ 1 : -Int64(code) / 2
      last = (last &+ delta &+ 256) & 255
      if last == 0 { return true }
    }
    return true
  }

  /// The three kinds of picture order count.
  private static func skipOrder(_ bits: inout H264BitReader) -> Bool {
    switch bits.exponential() {
    case 0: return bits.exponential() != nil
    case 1:
      guard bits.read(1) != nil, bits.exponential() != nil, bits.exponential() != nil,
        let cycle = bits.exponential(), cycle < 256
      else { return false }
      for _ in 0..<cycle where bits.exponential() == nil { return false }
      return true
    case 2: return true
    default: return false
    }
  }
}

/// Reads bits behind a NAL unit's header; bytes that only prevent a start code are passed over (§7.4.1).
@safe
struct H264BitReader {
  private var reader: ByteReader
  private var zeros = 0
  private var byte: UInt8 = 0
  private var left = 0

  init(_ bytes: UnsafeRawBufferPointer) { reader = unsafe ByteReader(bytes) }

  private mutating func bit() -> UInt32? {
    if left == 0 {
      guard var next = reader.uint8() else { return nil }
      if zeros == 2, next == 3 {
        guard let behind = reader.uint8() else { return nil }
        next = behind
        zeros = 0
      }
      zeros = next == 0 ? zeros &+ 1 : 0
      byte = next
      left = 8
    }
    left &-= 1
    return UInt32(byte >> UInt8(left) & 1)
  }

  mutating func read(_ count: Int) -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let bit = bit() else { return nil }
      value = value << 1 | bit
    }
    return value
  }

  /// An unsigned Exp-Golomb code (§9.1).
  mutating func exponential() -> UInt32? {
    var zeros = 0
    while true {
      guard let bit = bit() else { return nil }
      if bit == 1 { break }
      zeros &+= 1
      guard zeros < 32 else { return nil }
    }
    return read(zeros).map { (1 << UInt32(zeros)) &- 1 &+ $0 }
  }
}
