import MixCore

/// Collects the arrival of all numbered packets of a session and reports it (transport-wide congestion control).
struct TransportReceiver: Sendable {
  private struct Arrival: Sendable {
    var sequence: Int64
    var time: MediaTime
  }

  static let interval = MediaTime.milliseconds(75)
  /// A report of so many packets, each with a large delta, over the longest span still fits a datagram.
  private static let capacity = 256
  private static let maximumSpan: Int64 = 1400

  private var unwrapper = SequenceUnwrapper()
  /// In rising order of their numbers.
  private var arrivals: [Arrival] = []
  /// All packets up to this one were reported on.
  private var reported: Int64?
  private var feedbackCount: UInt8 = 0
  private var mediaSSRC: UInt32 = 0
  private var statuses: [PacketStatus] = []
  private(set) var nextDeadline = MediaTime.distantFuture

  mutating func note(_ sequence: UInt16, ssrc: UInt32, arrival: MediaTime) {
    let extended = unwrapper.unwrap(sequence)
    // Late ones were reported as lost; more than a report holds means nobody fetches reports.
    guard extended > reported ?? .min, arrivals.count < Self.capacity else { return }
    mediaSSRC = ssrc
    var place = arrivals.count
    while place > 0, arrivals[place - 1].sequence >= extended { place -= 1 }
    if place < arrivals.count, arrivals[place].sequence == extended { return }
    arrivals.insert(Arrival(sequence: extended, time: arrival), at: place)
    if nextDeadline == .distantFuture { nextDeadline = arrival + Self.interval }
    if arrivals.count == Self.capacity { nextDeadline = arrival }
  }

  /// Writes the report on all packets since the last one.
  mutating func writeFeedback(into writer: inout RTCPWriter, sender: UInt32) {
    nextDeadline = .distantFuture
    guard let newest = arrivals.last?.sequence, let oldest = arrivals.first?.sequence else { return }
    let first = max(reported.map { $0 &+ 1 } ?? oldest, newest &- Self.maximumSpan)
    let kept = arrivals.firstIndex { $0.sequence >= first } ?? 0
    let count = feedbackCount
    _ = writer.transportFeedback(sender: sender, media: mediaSSRC) {
      writeBody(into: &$0, first: first, last: newest, arrivals: arrivals[kept...], count: count)
    }
    feedbackCount &+= 1
    reported = newest
    arrivals.removeAll(keepingCapacity: true)
  }

  private mutating func writeBody(
    into writer: inout ByteWriter, first: Int64, last: Int64, arrivals: ArraySlice<Arrival>, count: UInt8
  ) {
    guard let earliest = arrivals.first else { return }
    let unit = TransportFeedbackReport.referenceUnit.nanoseconds
    let reference = earliest.time.nanoseconds / unit
    writer.uint16(UInt16(truncatingIfNeeded: first))
    writer.uint16(UInt16(truncatingIfNeeded: last &- first &+ 1))
    writer.uint24(UInt32(truncatingIfNeeded: reference) & 0xff_ffff)
    writer.uint8(count)
    classify(first: first, last: last, arrivals: arrivals, reference: reference &* unit)
    TransportFeedbackReport.writeChunks(statuses[...], into: &writer)
    var time = reference &* unit / TransportFeedbackReport.deltaUnit.nanoseconds
    for arrival in arrivals {
      let delta = Self.delta(to: arrival.time, from: &time)
      if (0...255).contains(delta) {
        writer.uint8(UInt8(truncatingIfNeeded: delta))
      } else {
        writer.uint16(UInt16(truncatingIfNeeded: delta))
      }
    }
  }

  /// Fills `statuses` with one symbol per number from `first` to `last`.
  private mutating func classify(first: Int64, last: Int64, arrivals: ArraySlice<Arrival>, reference: Int64) {
    statuses.removeAll(keepingCapacity: true)
    var time = reference / TransportFeedbackReport.deltaUnit.nanoseconds
    var next = first
    for arrival in arrivals {
      while next < arrival.sequence {
        statuses.append(.absent)
        next &+= 1
      }
      let delta = Self.delta(to: arrival.time, from: &time)
      statuses.append((0...255).contains(delta) ? .smallDelta : .largeDelta)
      next &+= 1
    }
  }

  /// In units of 250 µs, saturated to 16 bits; `time` moves by what is really told, so that rounding never adds up.
  private static func delta(to arrival: MediaTime, from time: inout Int64) -> Int64 {
    let target = arrival.nanoseconds / TransportFeedbackReport.deltaUnit.nanoseconds
    let delta = min(max(target &- time, Int64(Int16.min)), Int64(Int16.max))
    time &+= delta
    return delta
  }
}

extension TransportFeedbackReport {
  /// Long runs as runs, the rest seven symbols at a time, or fourteen if all are of one bit.
  static func writeChunks(_ statuses: ArraySlice<PacketStatus>, into writer: inout ByteWriter) {
    var rest = statuses
    while let symbol = rest.first {
      let run = Swift.min(rest.prefix { $0 == symbol }.count, StatusChunk.maximumRun)
      let oneBit = rest.prefix(StatusChunk.oneBitSymbols)
      if run >= StatusChunk.twoBitSymbols || run == rest.count {
        writer.uint16(UInt16(symbol.rawValue) << 13 | UInt16(run))
        rest = rest.dropFirst(run)
      } else if oneBit.allSatisfy({ $0.rawValue < 2 }) {
        writer.uint16(0x8000 | pack(oneBit, bits: 1, symbols: StatusChunk.oneBitSymbols))
        rest = rest.dropFirst(StatusChunk.oneBitSymbols)
      } else {
        let twoBit = rest.prefix(StatusChunk.twoBitSymbols)
        writer.uint16(0xc000 | pack(twoBit, bits: 2, symbols: StatusChunk.twoBitSymbols))
        rest = rest.dropFirst(StatusChunk.twoBitSymbols)
      }
    }
  }

  private static func pack(_ statuses: ArraySlice<PacketStatus>, bits: UInt16, symbols: Int) -> UInt16 {
    var word: UInt16 = 0
    for status in statuses { word = word << bits | UInt16(status.rawValue) }
    return word << (bits * UInt16(symbols - statuses.count))
  }
}
