/// Walks the packets of a compound RTCP datagram (RFC 3550 §6.1), reduced size (RFC 5506) included.
///
/// It borrows the bytes: valid, like the packets it yields, only while the call that provided them runs. The walk ends at
/// the first packet whose length lies beyond the datagram.
@safe
struct RTCPCompound: IteratorProtocol, Sequence {
  private var reader: ByteReader

  init(_ bytes: UnsafeRawBufferPointer) { reader = unsafe ByteReader(bytes) }

  mutating func next() -> RTCPPacket? {
    guard let flags = reader.uint8(), flags >> 6 == 2,
      let type = reader.uint8(), let words = reader.uint16(),
      var body = unsafe reader.slice(Int(words) &* 4)
    else { return nil }
    if flags & 0x20 != 0 {
      guard let padding = unsafe body.last, padding > 0, Int(padding) <= body.count else { return nil }
      unsafe body = UnsafeRawBufferPointer(rebasing: body.dropLast(Int(padding)))
    }
    return unsafe RTCPPacket(type: type, count: Int(flags & 0x1f), body: body)
  }
}
