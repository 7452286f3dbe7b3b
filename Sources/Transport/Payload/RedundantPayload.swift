/// An audio payload that repeats earlier packets in front of its own (RFC 2198 §3).
///
///      0                   1                   2                   3
///     |1|  block PT   |      timestamp offset     |   block length    |  × redundant blocks, oldest first
///     |0|  block PT   |                                                  the packet's own
///     | data of all blocks in the same order
struct RedundantPayload: Sequence, IteratorProtocol {
  struct Block {
    /// How many packets ago the content was first sent: blocks repeat the packets directly before.
    var distance: Int
    var timestampOffset: UInt16
    /// Where its data lies in the payload; empty if it is none of ours.
    var range: Range<Int>
  }

  private struct Header {
    var isOurs = false
    var timestampOffset: UInt16 = 0
    var length = 0
  }

  /// Browsers send one or two.
  static let maximumBlocks = 8

  private var headers = InlineArray<8, Header>(repeating: Header())
  private var count = 0
  private var position = 0
  /// Where the data of the next block lies.
  private var dataOffset = 0
  /// Where the packet's own data lies.
  let primary: Range<Int>

  /// `nil` if the blocks do not fit in the payload, are too many, not in order, or the last one is empty or of another
  /// type.
  init?(_ payload: UnsafeRawBufferPointer, primaryType: UInt8) {
    var reader = unsafe ByteReader(payload)
    var dataLength = 0
    var previousOffset = UInt16.max
    while let first = reader.uint8() {
      let isOurs = first & 0x7f == primaryType
      guard first & 0x80 != 0 else {
        dataOffset = reader.offset
        guard isOurs, reader.remaining > dataLength else { return nil }
        primary = (dataOffset &+ dataLength)..<payload.count
        return
      }
      guard count < Self.maximumBlocks, let rest = reader.uint24() else { return nil }
      let header = Header(
        isOurs: isOurs, timestampOffset: UInt16(truncatingIfNeeded: rest >> 10), length: Int(rest & 0x3ff))
      guard header.timestampOffset > 0, header.timestampOffset < previousOffset else { return nil }
      previousOffset = header.timestampOffset
      headers[count] = header
      dataLength &+= header.length
      count &+= 1
    }
    return nil
  }

  mutating func next() -> Block? {
    guard position < count else { return nil }
    let header = headers[position]
    let start = dataOffset
    dataOffset &+= header.length
    position &+= 1
    return Block(
      distance: count &- position &+ 1, timestampOffset: header.timestampOffset,
      range: header.isOurs ? start..<dataOffset : start..<start)
  }
}

/// Which audio packets of the last moments were delivered, by themselves or as redundancy of later ones.
struct RedundancyWindow: Sendable {
  private var newest: Int64?
  /// Bit n: the packet n before the newest.
  private var seen: UInt64 = 0
  /// The sender repeats packets.
  var isInUse = false

  /// False if the packet was delivered before. One older than the window is nobody's repetition.
  mutating func insert(_ sequence: Int64) -> Bool {
    guard let last = newest, sequence <= last else {
      let step = newest.map { sequence &- $0 } ?? 64
      seen = (step < 64 ? seen << UInt64(step) : 0) | 1
      newest = sequence
      return true
    }
    let age = last &- sequence
    guard age < 64 else { return true }
    let bit: UInt64 = 1 << UInt64(age)
    defer { seen |= bit }
    return seen & bit == 0
  }
}
