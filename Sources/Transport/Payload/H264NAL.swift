/// NAL unit types (ITU-T H.264 table 7-1) and the payload structures of RFC 6184 table 1 that share their numbers.
enum H264NAL {
  /// Of no IDR picture; with its partitions up to the IDR slice.
  static let slice: UInt8 = 1
  static let idrSlice: UInt8 = 5
  static let supplement: UInt8 = 6
  static let sequenceParameters: UInt8 = 7
  static let pictureParameters: UInt8 = 8
  static let accessUnitDelimiter: UInt8 = 9
  static let filler: UInt8 = 12
  static let lastSingle: UInt8 = 23
  static let aggregation: UInt8 = 24
  static let fragment: UInt8 = 28

  static let typeMask: UInt8 = 0x1f
  /// The forbidden bit and the two of importance.
  static let importanceMask: UInt8 = 0xe0
}

/// Walks NAL units behind big-endian lengths of 2 or 4 bytes; ends at the first that does not fit.
@safe
struct H264Units: IteratorProtocol, Sequence {
  private var reader: ByteReader
  private let hasLongLengths: Bool

  init(_ bytes: UnsafeRawBufferPointer, hasLongLengths: Bool) {
    reader = unsafe ByteReader(bytes)
    self.hasLongLengths = hasLongLengths
  }

  mutating func next() -> H264Unit? {
    while true {
      let length = hasLongLengths ? reader.uint32().map { Int($0) } : reader.uint16().map { Int($0) }
      guard let length, let unit = unsafe reader.slice(length) else { return nil }
      if length > 0 { return unsafe H264Unit(bytes: unit) }
    }
  }
}

/// One NAL unit, at least its header byte; borrowed from what it was read from.
@safe
struct H264Unit {
  let bytes: UnsafeRawBufferPointer

  var header: UInt8 { unsafe bytes[0] }
  var type: UInt8 { header & H264NAL.typeMask }

  /// Of supplemental information that names a recovery point (ITU-T H.264 §D.2.8): so many frames behind it pictures are
  /// right, even if none before it was decoded.
  var recoveryFrames: UInt16? {
    guard type == H264NAL.supplement else { return nil }
    var bits = unsafe H264BitReader(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
    while let kind = Self.number(&bits), let size = Self.number(&bits) {
      if kind == 6 { return size > 0 ? bits.exponential().flatMap { UInt16(exactly: $0) } : nil }
      for _ in 0..<size where bits.read(8) == nil { return nil }
    }
    return nil
  }

  /// Bytes of 255 and a lesser one (§7.3.2.3.1); larger numbers than any datagram's length are nonsense.
  private static func number(_ bits: inout H264BitReader) -> Int? {
    var sum = 0
    while let byte = bits.read(8), sum < PacketRing.maximumPayload {
      sum &+= Int(byte)
      if byte < 255 { return sum }
    }
    return nil
  }
}
