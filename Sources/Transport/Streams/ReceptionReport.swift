import MixCore

/// What a receiver reports of one source: loss and interarrival jitter (RFC 3550 §6.4.1, appendix A.3, A.8).
struct ReceptionReport: Sendable {
  private let clockRate: Int64
  private var received: Int64 = 0
  private var expectedBefore: Int64 = 0
  private var receivedBefore: Int64 = 0
  /// In timestamp units, times 16.
  private var scaledJitter: Int64 = 0
  private var lastTimestamp: UInt32?
  private var lastArrival: MediaTime = .zero
  private var lastReport: UInt32 = 0
  private var lastReportArrival: MediaTime = .zero

  init(clockRate: Int64) { self.clockRate = clockRate }

  var jitter: MediaTime { MediaTime(count: scaledJitter / 16, rate: clockRate) }

  /// A packet not seen before. Only packets `inOrder` tell jitter; a retransmission's arrival says nothing of the path.
  mutating func note(timestamp: UInt32, arrival: MediaTime, inOrder: Bool) {
    received &+= 1
    guard inOrder, timestamp != lastTimestamp else { return }
    if let lastTimestamp {
      let sent = Int64(timestamp.distance(since: lastTimestamp))
      let difference = Int64(clamping: ((arrival - lastArrival).count(rate: clockRate) &- sent).magnitude)
      // A jump of the sender's clock is not jitter.
      if difference < clockRate * 2 { scaledJitter &+= difference &- (scaledJitter &+ 8) >> 4 }
    }
    lastTimestamp = timestamp
    lastArrival = arrival
  }

  mutating func noteSenderReport(_ ntp: NTPTimestamp, arrival: MediaTime) {
    lastReport = ntp.compact
    lastReportArrival = arrival
  }

  func lost(in tracker: SequenceTracker) -> Int64 {
    guard let newest = tracker.newest else { return 0 }
    return newest &- tracker.first &+ 1 &- received
  }

  /// The block for the next report; the share of loss counts from the block before.
  mutating func makeBlock(ssrc: UInt32, tracker: SequenceTracker, now: MediaTime) -> ReportBlock? {
    guard let newest = tracker.newest else { return nil }
    let expected = newest &- tracker.first &+ 1
    let expectedNow = expected &- expectedBefore
    let lostNow = expectedNow &- (received &- receivedBefore)
    expectedBefore = expected
    receivedBefore = received
    let fraction = expectedNow > 0 && lostNow > 0 ? min(lostNow &* 256 / expectedNow, 255) : 0
    return ReportBlock(
      ssrc: ssrc, fractionLost: UInt8(truncatingIfNeeded: fraction),
      cumulativeLost: Int32(min(max(expected &- received, -0x80_0000), 0x7f_ffff)),
      highestSequence: UInt32(truncatingIfNeeded: newest),
      jitter: UInt32(truncatingIfNeeded: scaledJitter >> 4), lastReport: lastReport,
      delaySinceLastReport: lastReport == 0 ? 0 : (now - lastReportArrival).compactNTP)
  }

  /// The source numbers its packets anew.
  mutating func restart() {
    self = ReceptionReport(clockRate: clockRate, jitter: scaledJitter)
  }

  private init(clockRate: Int64, jitter: Int64) {
    self.clockRate = clockRate
    scaledJitter = jitter
  }
}
