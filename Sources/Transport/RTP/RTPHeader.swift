/// The header of an RTP packet (RFC 3550 §5.1) with the extensions this transport knows.
///
///      0                   1                   2                   3
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///     |                           timestamp                           |
///     |                             SSRC                              |
///     |                      CSRC × CC, extension                     |
struct RTPHeader: Sendable, Equatable {
  static let fixedLength = 12

  var marker: Bool
  var payloadType: UInt8
  var sequence: UInt16
  var timestamp: UInt32
  var ssrc: UInt32
  var extensions = RTPExtensions()
  /// Where the payload lies in the packet: behind CSRCs and extensions, without padding.
  var payloadOffset = RTPHeader.fixedLength
  var payloadLength = 0

  init(
    marker: Bool, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32,
    extensions: RTPExtensions = RTPExtensions()
  ) {
    self.marker = marker
    self.payloadType = payloadType
    self.sequence = sequence
    self.timestamp = timestamp
    self.ssrc = ssrc
    self.extensions = extensions
  }

  /// `nil` if `packet` is not a whole RTP packet of version 2.
  init?(parsing packet: UnsafeRawBufferPointer, extensions map: HeaderExtensionMap) {
    var reader = unsafe ByteReader(packet)
    guard let flags = reader.uint8(), flags >> 6 == 2,
      let type = reader.uint8(), let sequence = reader.uint16(),
      let timestamp = reader.uint32(), let ssrc = reader.uint32(),
      reader.skip(Int(flags & 0x0f) &* 4)
    else { return nil }
    self.init(
      marker: type & 0x80 != 0, payloadType: type & 0x7f, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    if flags & 0x10 != 0 {
      guard let profile = reader.uint16(), let words = reader.uint16(),
        let block = unsafe reader.slice(Int(words) &* 4)
      else { return nil }
      unsafe extensions.parse(block, profile: profile, map: map)
    }
    payloadOffset = reader.offset
    payloadLength = reader.remaining
    if flags & 0x20 != 0 {
      guard let padding = unsafe packet.last, padding > 0, Int(padding) <= payloadLength else { return nil }
      payloadLength &-= Int(padding)
    }
  }

  func write(into writer: inout ByteWriter, extensions map: HeaderExtensionMap) {
    let start = writer.position
    writer.uint8(0x80)
    writer.uint8((marker ? 0x80 : 0) | payloadType & 0x7f)
    writer.uint16(sequence)
    writer.uint32(timestamp)
    writer.uint32(ssrc)
    if extensions.write(into: &writer, map: map) { writer.patchByte(0x90, at: start) }
  }

  /// The part of `packet`, the one this header was parsed from, that is payload.
  @unsafe func payload(of packet: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let end = min(payloadOffset &+ payloadLength, packet.count)
    return unsafe UnsafeRawBufferPointer(rebasing: packet[min(payloadOffset, end)..<end])
  }
}
