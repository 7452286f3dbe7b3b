/// Puts the payloads of one H.264 access unit together as length-prefixed NAL units (RFC 6184 §5.6, 5.7.1, 5.8).
@safe
struct H264Depacketizer {
  private var writer: ByteWriter
  /// Where the length of the unit being put together from fragments will stand.
  private var fragmentStart: Int?
  private(set) var containsIDR = false

  init(_ buffer: UnsafeMutableRawBufferPointer) { writer = unsafe ByteWriter(buffer) }

  var length: Int { writer.finished }

  /// No output of `payload` is longer: an aggregate's lengths grow from two bytes to four.
  static func bound(_ payload: UnsafeRawBufferPointer) -> Int {
    guard let first = unsafe payload.first else { return 0 }
    return payload.count &* (first & H264NAL.typeMask == H264NAL.aggregation ? 2 : 1) &+ 4
  }

  /// False if the payload makes no sense, or not at this place.
  mutating func append(_ payload: UnsafeRawBufferPointer) -> Bool {
    guard let first = unsafe payload.first else { return false }
    switch first & H264NAL.typeMask {
    case 1...H264NAL.lastSingle:
      guard fragmentStart == nil else { return false }
      unsafe appendUnit(payload)
      return true
    case H264NAL.aggregation:
      guard fragmentStart == nil else { return false }
      let units = unsafe H264Units(UnsafeRawBufferPointer(rebasing: payload.dropFirst()), hasLongLengths: false)
      for unit in units { unsafe appendUnit(unit.bytes) }
      return true
    case H264NAL.fragment: return unsafe appendFragment(payload)
    default: return false
    }
  }

  /// True if no fragmented unit is left open.
  var isWhole: Bool { fragmentStart == nil && writer.finished > 0 }

  private mutating func appendUnit(_ unit: UnsafeRawBufferPointer) {
    writer.uint32(UInt32(truncatingIfNeeded: unit.count))
    unsafe writer.copy(unit)
    if let first = unsafe unit.first, first & H264NAL.typeMask == H264NAL.idrSlice { containsIDR = true }
  }

  private mutating func appendFragment(_ payload: UnsafeRawBufferPointer) -> Bool {
    guard payload.count > 2 else { return false }
    let header = unsafe payload[1]
    let isFirst = header & 0x80 != 0
    guard isFirst == (fragmentStart == nil) else { return false }
    if isFirst {
      fragmentStart = writer.position
      writer.uint32(0)
      let type = header & H264NAL.typeMask
      unsafe writer.uint8(payload[0] & H264NAL.importanceMask | type)
      if type == H264NAL.idrSlice { containsIDR = true }
    }
    unsafe writer.copy(UnsafeRawBufferPointer(rebasing: payload.dropFirst(2)))
    if header & 0x40 != 0, let start = fragmentStart {
      let length = UInt32(truncatingIfNeeded: writer.position &- start &- 4)
      writer.patch(UInt16(truncatingIfNeeded: length >> 16), at: start)
      writer.patch(UInt16(truncatingIfNeeded: length), at: start &+ 2)
      fragmentStart = nil
    }
    return true
  }
}
