import MixCore

/// Collects the arrival of all numbered packets of a session and reports it (transport-wide congestion control).
///
/// A packet that comes when it was reported as lost already is told in the next report, with all behind it.
struct TransportReceiver: Sendable {
  private struct Arrival: Sendable {
    var sequence: Int64
    var time: MediaTime
  }

  /// Between reports, so that they take about `share` of what is received.
  static let intervals = MediaTime.milliseconds(50)...MediaTime.milliseconds(250)
  private static let share = 0.05
  private static let unknownRoundTrip = MediaTime.milliseconds(200)
  /// A report of so many packets, each with a large delta, over the longest span still fits a datagram.
  private static let capacity = 256
  private static let maximumSpan: Int64 = 1400
  /// A power of two, more than the longest span.
  private static let memory = 2048
  /// What is later than so many packets stays lost.
  private static let latest: Int64 = 200

  private var unwrapper = SequenceUnwrapper()
  /// The last arrivals, each in the place its number gives.
  private var known: [Arrival] = []
  private var newest: Int64 = .min / 2
  /// The first one to be told in the next report.
  private var next: Int64?
  private var received = RateMeter(window: .seconds(1))
  private var interval = TransportReceiver.intervals.lowerBound
  private var feedbackCount: UInt8 = 0
  private var mediaSSRC: UInt32 = 0
  /// Of one report, in rising order of their numbers.
  private var arrivals: [Arrival] = []
  private var statuses: [PacketStatus] = []
  private var untold = 0
  private var reportDeadline = MediaTime.distantFuture
  /// Fed as long as packets are not numbered.
  private(set) var estimator = ReceiveSideEstimator()

  var nextDeadline: MediaTime { min(reportDeadline, estimator.deadline) }

  mutating func note(_ header: RTPHeader, isVideo: Bool, bytes: Int, roundTrip: MediaTime?, arrival: MediaTime) {
    if let number = header.extensions.transportSequence {
      note(number, ssrc: header.ssrc, bytes: bytes, arrival: arrival)
    } else if known.isEmpty {
      estimator.note(
        header, isVideo: isVideo, bytes: bytes, roundTrip: roundTrip ?? Self.unknownRoundTrip, arrival: arrival)
    }
  }

  /// The rate the peer should be told now, if it wants to know.
  mutating func takeEstimate(now: MediaTime) -> UInt64? {
    guard estimator.deadline <= now else { return nil }
    estimator.noteTold(now: now)
    return known.isEmpty ? estimator.bitrate : nil
  }

  mutating func note(_ sequence: UInt16, ssrc: UInt32, bytes: Int, arrival: MediaTime) {
    received.add(bytes, at: arrival)
    let extended = unwrapper.unwrap(sequence)
    let first = next ?? extended
    // More than a report holds means that nobody fetches reports.
    guard extended > newest &- Int64(Self.memory), first &- extended <= Self.latest, untold < Self.capacity else {
      return
    }
    if known.isEmpty { known = [Arrival](repeating: Arrival(sequence: .min, time: .zero), count: Self.memory) }
    guard known[Self.place(extended)].sequence != extended else { return }
    known[Self.place(extended)] = Arrival(sequence: extended, time: arrival)
    mediaSSRC = ssrc
    newest = max(newest, extended)
    next = min(first, extended)
    untold += 1
    if reportDeadline == .distantFuture { reportDeadline = arrival + interval }
    if untold == Self.capacity { reportDeadline = arrival }
  }

  private static func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (memory - 1) }

  /// Writes the report on all packets since the last one, and again on those behind a late one.
  mutating func writeFeedback(into writer: inout RTCPWriter, sender: UInt32) {
    guard untold > 0, let unreported = next, newest > .min / 2 else {
      reportDeadline = .distantFuture
      return
    }
    let first = max(unreported, newest &- Self.maximumSpan)
    collect(from: first)
    reportDeadline = .distantFuture
    guard let last = arrivals.last else { return }
    let start = writer.length
    let count = feedbackCount
    _ = writer.transportFeedback(sender: sender, media: mediaSSRC) {
      writeBody(into: &$0, first: first, last: last.sequence, arrivals: arrivals[...], count: count)
    }
    feedbackCount &+= 1
    next = last.sequence &+ 1
    adaptInterval(bytes: writer.length - start, at: last.time)
    let isComplete = last.sequence == newest
    untold = isComplete ? 0 : min(untold, Int(newest &- last.sequence))
    reportDeadline = isComplete ? .distantFuture : last.time
  }

  /// The arrivals from `first` on, as many as one report holds.
  private mutating func collect(from first: Int64) {
    arrivals.removeAll(keepingCapacity: true)
    var sequence = first
    while sequence <= newest, arrivals.count < Self.capacity {
      let arrival = known[Self.place(sequence)]
      if arrival.sequence == sequence { arrivals.append(arrival) }
      sequence &+= 1
    }
  }

  private mutating func adaptInterval(bytes: Int, at time: MediaTime) {
    guard let rate = received.rate(at: time), rate > 0 else { return }
    let fitting = MediaTime(seconds: Double(bytes + TransportSender.overhead) * 8 / (rate * Self.share))
    interval = min(max(fitting, Self.intervals.lowerBound), Self.intervals.upperBound)
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
