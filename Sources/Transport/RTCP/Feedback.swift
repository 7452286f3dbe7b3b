/// The sequence numbers of a generic NACK (RFC 4585 §6.2.1): each entry is a number and a mask of the 16 behind it.
@safe
struct NackList: IteratorProtocol, Sequence {
  private var reader: ByteReader
  private var base: UInt16 = 0
  private var mask: UInt16 = 0

  init(_ bytes: UnsafeRawBufferPointer) { reader = unsafe ByteReader(bytes) }

  mutating func next() -> UInt16? {
    if mask != 0 {
      let bit = UInt16(truncatingIfNeeded: mask.trailingZeroBitCount)
      mask &= mask &- 1
      return base &+ bit &+ 1
    }
    guard reader.remaining >= 4, let number = reader.uint16(), let following = reader.uint16() else { return nil }
    base = number
    mask = following
    return number
  }
}

/// The entries of a full intra request (RFC 5104 §4.3.1).
@safe
struct FullIntraList: IteratorProtocol, Sequence {
  struct Entry: Equatable {
    var ssrc: UInt32
    /// Changes with every new request; a repeated one asks for nothing new.
    var commandSequence: UInt8
  }

  private var reader: ByteReader

  init(_ bytes: UnsafeRawBufferPointer) { reader = unsafe ByteReader(bytes) }

  mutating func next() -> Entry? {
    guard reader.remaining >= 8, let ssrc = reader.uint32(), let sequence = reader.uint8(), reader.skip(3) else {
      return nil
    }
    return Entry(ssrc: ssrc, commandSequence: sequence)
  }
}

/// Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 §2.2).
struct ReceiverEstimate: Sendable, Equatable {
  static let identifier: UInt32 = 0x5245_4d42  // "REMB"

  /// Bits per second; saturated, as 63 bits of exponent can be claimed.
  var bitrate: UInt64

  init(bitrate: UInt64) { self.bitrate = bitrate }

  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = unsafe ByteReader(bytes)
    guard reader.uint32() == Self.identifier, reader.uint8() != nil, let packed = reader.uint24() else { return nil }
    let exponent = UInt64(packed >> 18)
    let mantissa = UInt64(packed & 0x3_ffff)
    bitrate = exponent > 45 ? (mantissa == 0 ? 0 : .max) : mantissa << exponent
  }

  /// Six bits of exponent and eighteen of mantissa.
  var packed: UInt32 {
    let shift = UInt32(max(0, 46 &- bitrate.leadingZeroBitCount))
    return shift << 18 | UInt32(truncatingIfNeeded: bitrate >> UInt64(shift)) & 0x3_ffff
  }
}
