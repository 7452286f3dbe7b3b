/// The block headers of a payload with redundancy (RFC 2198 §3), which name the payload type of whoever made it, a publisher
/// or this server, where the viewer's must stand.
struct RedundancyHeaders {
  private static let length = 4

  private let redundantBlocks: Int
  private let ownType: UInt8

  /// `nil` if the headers do not lead to the packet's own data at `primaryOffset`.
  init?(_ payload: UnsafeRawBufferPointer, primaryOffset: Int) {
    var reader = unsafe ByteReader(payload)
    var dataLength = 0
    for count in 0...RedundantPayload.maximumBlocks {
      guard let first = reader.uint8() else { return nil }
      guard first & 0x80 != 0 else {
        guard reader.offset &+ dataLength == primaryOffset, primaryOffset < payload.count else { return nil }
        redundantBlocks = count
        ownType = first
        return
      }
      guard let rest = reader.uint24() else { return nil }
      dataLength &+= Int(rest & 0x3ff)
    }
    return nil
  }

  /// Puts `type` in the place of the packet's own type; blocks of other codecs stay as they are.
  func write(type: UInt8, into payload: UnsafeMutableRawBufferPointer) {
    for block in 0...redundantBlocks {
      let place = block &* Self.length
      guard place < payload.count else { return }
      let byte = unsafe payload[place]
      if byte & 0x7f == ownType { unsafe payload[place] = byte & 0x80 | type & 0x7f }
    }
  }
}
