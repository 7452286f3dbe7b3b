/// The values of the header extensions of one packet; `nil` is absent.
struct RTPExtensions: Sendable, Equatable {
  var mid: ExtensionToken?
  var rid: ExtensionToken?
  /// Of a retransmission: the RID of what it repeats (RFC 8852 §3.2).
  var repairedRID: ExtensionToken?
  /// 6.18 fixed point seconds.
  var absoluteSendTime: UInt32?
  var transportSequence: UInt16?
  var absoluteCaptureTime: NTPTimestamp?
  /// Least and most, 12 bits each, in units of 10 ms.
  var playoutDelay: UInt32?
  /// 0…127, in −dBov.
  var audioLevel: UInt8?
  var isVoice = false

  private static let oneByteProfile: UInt16 = 0xbede
  private static let twoByteProfile: UInt16 = 0x1000

  /// Reads an extension block of either form (RFC 8285 §4.2, §4.3); elements that make no sense are passed over.
  mutating func parse(_ block: UnsafeRawBufferPointer, profile: UInt16, map: HeaderExtensionMap) {
    var reader = unsafe ByteReader(block)
    let isOneByte = profile == Self.oneByteProfile
    guard isOneByte || profile & 0xfff0 == Self.twoByteProfile else { return }
    while let first = reader.uint8() {
      if first == 0 { continue }
      let id: UInt8
      let length: Int
      if isOneByte {
        id = first >> 4
        // 15 is reserved and ends the block.
        if id == 15 { return }
        length = Int(first & 0x0f) &+ 1
      } else {
        guard let size = reader.uint8() else { return }
        id = first
        length = Int(size)
      }
      guard let value = unsafe reader.slice(length) else { return }
      if let kind = map.kind(of: id) { unsafe store(value, as: kind) }
    }
  }

  private mutating func store(_ value: UnsafeRawBufferPointer, as kind: HeaderExtension) {
    var reader = unsafe ByteReader(value)
    switch kind {
    case .mid: mid = unsafe ExtensionToken(value)
    case .rid: rid = unsafe ExtensionToken(value)
    case .repairedRID: repairedRID = unsafe ExtensionToken(value)
    case .absoluteSendTime: absoluteSendTime = reader.uint24()
    case .transportSequence: transportSequence = reader.uint16()
    // The second half of the long form, an offset between clocks, is for mixers in between: there are none.
    case .absoluteCaptureTime: absoluteCaptureTime = reader.uint64().map(NTPTimestamp.init(rawValue:))
    case .playoutDelay: playoutDelay = reader.uint24()
    case .audioLevel:
      guard let byte = reader.uint8() else { return }
      audioLevel = byte & 0x7f
      isVoice = byte & 0x80 != 0
    }
  }

  /// False if there was nothing to write.
  func write(into writer: inout ByteWriter, map: HeaderExtensionMap) -> Bool {
    let start = writer.position
    let twoByte = map.needsTwoByteForm
    writer.uint16(twoByte ? Self.twoByteProfile : Self.oneByteProfile)
    writer.uint16(0)
    let body = writer.position
    func element(_ kind: HeaderExtension, _ length: Int, _ write: (inout ByteWriter) -> Void) {
      let id = map[kind]
      guard id != 0 else { return }
      if twoByte {
        writer.uint8(id)
        writer.uint8(UInt8(truncatingIfNeeded: length))
      } else {
        writer.uint8(id << 4 | UInt8(truncatingIfNeeded: length &- 1))
      }
      write(&writer)
    }
    if let mid { element(.mid, mid.length) { mid.write(into: &$0) } }
    if let rid { element(.rid, rid.length) { rid.write(into: &$0) } }
    if let repairedRID { element(.repairedRID, repairedRID.length) { repairedRID.write(into: &$0) } }
    if let absoluteSendTime { element(.absoluteSendTime, 3) { $0.uint24(absoluteSendTime) } }
    if let transportSequence { element(.transportSequence, 2) { $0.uint16(transportSequence) } }
    if let audioLevel { element(.audioLevel, 1) { $0.uint8((isVoice ? 0x80 : 0) | audioLevel & 0x7f) } }
    if let absoluteCaptureTime { element(.absoluteCaptureTime, 8) { $0.uint64(absoluteCaptureTime.rawValue) } }
    if let playoutDelay { element(.playoutDelay, 3) { $0.uint24(playoutDelay) } }
    guard writer.position > body || writer.overflowed else {
      writer.rewind(to: start)
      return false
    }
    writer.pad(from: body)
    writer.patch(UInt16(truncatingIfNeeded: (writer.position &- body) / 4), at: body &- 2)
    return true
  }
}
