/// The blocks of an XR packet (RFC 3611) by which a peer that sends no media learns the time to the other and back.
@safe
struct ExtendedReport: IteratorProtocol, Sequence {
  enum Kind {
    static let referenceTime: UInt8 = 4
    static let delays: UInt8 = 5
  }

  enum Block: Equatable {
    /// The receiver's wall clock as it sent this (RRTR, §4.4).
    case referenceTime(NTPTimestamp)
    /// How long before this the peer's last reference time arrived (DLRR, §4.5).
    case delay(ReferenceDelay)
  }

  let sender: UInt32
  private var reader: ByteReader
  /// Entries of the delay block being read.
  private var entries: ByteReader?

  init?(_ bytes: UnsafeRawBufferPointer) {
    reader = unsafe ByteReader(bytes)
    guard let ssrc = reader.uint32() else { return nil }
    sender = ssrc
  }

  mutating func next() -> Block? {
    while true {
      if let delay = nextDelay() { return .delay(delay) }
      guard let kind = reader.uint8(), reader.skip(1), let words = reader.uint16(),
        let body = unsafe reader.slice(Int(words) &* 4)
      else { return nil }
      var content = unsafe ByteReader(body)
      switch kind {
      case Kind.referenceTime:
        if let value = content.uint64() { return .referenceTime(NTPTimestamp(rawValue: value)) }
      case Kind.delays: entries = content
      default: break
      }
    }
  }

  private mutating func nextDelay() -> ReferenceDelay? {
    guard let ssrc = entries?.uint32(), let last = entries?.uint32(), let delay = entries?.uint32() else {
      entries = nil
      return nil
    }
    return ReferenceDelay(ssrc: ssrc, lastReference: last, delay: delay)
  }
}

/// One entry of a DLRR block.
struct ReferenceDelay: Sendable, Equatable {
  /// Who sent the reference time.
  var ssrc: UInt32
  /// Its middle 32 bits, and how long ago it arrived: units of 1/65536 s.
  var lastReference: UInt32
  var delay: UInt32
}
