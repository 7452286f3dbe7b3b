import MixCore

/// Which packets arrived and when (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
///
///     |      base sequence number     |      packet status count      |
///     |                 reference time                | fb pkt. count |
///     |          packet chunk × n     |   receive delta × m, padding  |
@safe
struct TransportFeedbackReport: Sequence {
  struct Status: Equatable {
    var sequence: UInt16
    /// On the receiver's clock, which has an arbitrary zero; `nil` if the packet did not arrive.
    var arrival: MediaTime?
  }

  static let headerLength = 8
  /// Of the reference time and of the deltas.
  static let referenceUnit = MediaTime.milliseconds(64)
  static let deltaUnit = MediaTime.microseconds(250)

  var baseSequence: UInt16
  var statusCount: Int
  var referenceTime: MediaTime
  var feedbackCount: UInt8
  private let chunks: ByteReader

  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = unsafe ByteReader(bytes)
    guard let base = reader.uint16(), let count = reader.uint16(), let time = reader.uint24(),
      let number = reader.uint8()
    else { return nil }
    baseSequence = base
    statusCount = Int(count)
    referenceTime = Self.referenceUnit * Int64(Int32(bitPattern: time << 8) >> 8)
    feedbackCount = number
    chunks = reader
  }

  func makeIterator() -> Iterator { Iterator(self, chunks: chunks) }

  @safe
  struct Iterator: IteratorProtocol {
    private var chunks: ByteReader
    private var deltas: ByteReader
    private var chunk = StatusChunk(0)
    private var sequence: UInt16
    private var left: Int
    private var time: MediaTime

    init(_ report: TransportFeedbackReport, chunks: ByteReader) {
      self.chunks = chunks
      deltas = chunks
      sequence = report.baseSequence
      left = report.statusCount
      time = report.referenceTime
      // The deltas lie behind as many chunks as are needed for all packets.
      var covered = 0
      while covered < left, let word = deltas.uint16() { covered &+= StatusChunk(word).length }
    }

    mutating func next() -> Status? {
      guard left > 0 else { return nil }
      if chunk.length == 0 {
        guard let word = chunks.uint16() else { return nil }
        chunk = StatusChunk(word)
        guard chunk.length > 0 else { return nil }
      }
      var arrival: MediaTime?
      switch chunk.next() {
      case .absent: break
      case .smallDelta:
        guard let delta = deltas.uint8() else { return nil }
        time += TransportFeedbackReport.deltaUnit * Int64(delta)
        arrival = time
      case .largeDelta:
        guard let delta = deltas.uint16() else { return nil }
        time += TransportFeedbackReport.deltaUnit * Int64(Int16(bitPattern: delta))
        arrival = time
      case .reserved: return nil
      }
      defer {
        sequence &+= 1
        left &-= 1
      }
      return Status(sequence: sequence, arrival: arrival)
    }
  }
}

/// What a chunk says of one packet.
enum PacketStatus: UInt8 {
  case absent = 0
  case smallDelta = 1
  case largeDelta = 2
  case reserved = 3
}

/// A packet status chunk: a run `0 SS LLLLLLLLLLLLL`, 14 one-bit symbols `10…` or 7 two-bit symbols `11…`.
struct StatusChunk {
  static let maximumRun = 0x1fff
  static let oneBitSymbols = 14
  static let twoBitSymbols = 7

  private(set) var length: Int
  private var symbols: UInt16
  private let symbolBits: Int

  init(_ word: UInt16) {
    if word & 0x8000 == 0 {
      length = Int(word & 0x1fff)
      symbols = word >> 13 & 3
      symbolBits = 0
    } else if word & 0x4000 == 0 {
      length = Self.oneBitSymbols
      symbols = word << 2
      symbolBits = 1
    } else {
      length = Self.twoBitSymbols
      symbols = word << 2
      symbolBits = 2
    }
  }

  mutating func next() -> PacketStatus {
    length &-= 1
    guard symbolBits > 0 else { return PacketStatus(rawValue: UInt8(truncatingIfNeeded: symbols)) ?? .reserved }
    let symbol = UInt8(truncatingIfNeeded: symbols >> UInt16(16 &- symbolBits))
    symbols <<= UInt16(symbolBits)
    return PacketStatus(rawValue: symbol) ?? .reserved
  }
}
