import MixCore

/// The sender information of an SR (RFC 3550 §6.4.1).
struct SenderReport: Sendable, Equatable {
  var ssrc: UInt32
  var ntp: NTPTimestamp
  var timestamp: UInt32
  var packetCount: UInt32
  var octetCount: UInt32
}

/// One reception report block of an SR or RR.
struct ReportBlock: Sendable, Equatable {
  static let length = 24

  var ssrc: UInt32
  /// Of the packets since the block before, in 1/256.
  var fractionLost: UInt8
  /// 24 bits, signed.
  var cumulativeLost: Int32
  var highestSequence: UInt32
  /// In timestamp units.
  var jitter: UInt32
  /// Of the last SR received, and how long ago that was: units of 1/65536 s.
  var lastReport: UInt32
  var delaySinceLastReport: UInt32

  /// The time to the peer and back, at the arrival of this block at `now` (RFC 3550 §6.4.1); `nil` if it makes no sense.
  func roundTripTime(now: NTPTimestamp) -> MediaTime? {
    guard lastReport != 0 else { return nil }
    let elapsed = Int32(truncatingIfNeeded: now.compact &- lastReport &- delaySinceLastReport)
    // Clocks of 1/65536 s may round a local round trip to just below zero.
    guard elapsed > -16, elapsed < 60 << 16 else { return nil }
    return MediaTime(compactNTP: UInt32(max(elapsed, 1)))
  }
}

/// The report blocks that are really there, whatever the count said.
@safe
struct ReportBlocks: IteratorProtocol, Sequence {
  private var reader: ByteReader
  private var left: Int

  init(_ bytes: UnsafeRawBufferPointer, count: Int) {
    reader = unsafe ByteReader(bytes)
    left = count
  }

  mutating func next() -> ReportBlock? {
    guard left > 0, reader.remaining >= ReportBlock.length,
      let ssrc = reader.uint32(), let fraction = reader.uint8(), let lost = reader.uint24(),
      let highest = reader.uint32(), let jitter = reader.uint32(),
      let last = reader.uint32(), let delay = reader.uint32()
    else { return nil }
    left &-= 1
    return ReportBlock(
      ssrc: ssrc, fractionLost: fraction, cumulativeLost: Int32(bitPattern: lost << 8) >> 8,
      highestSequence: highest, jitter: jitter, lastReport: last, delaySinceLastReport: delay)
  }
}
