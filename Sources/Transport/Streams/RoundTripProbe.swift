import MixCore

/// Finds the time to the peer and back for a side that receives only, and answers a peer that does so
/// (RFC 3611 §4.4, §4.5): sender reports tell it to those alone who send.
struct RoundTripProbe: Sendable {
  /// Of the peer's last reference time.
  private struct Heard: Sendable {
    var ssrc: UInt32
    var reference: UInt32
    var arrival: MediaTime
  }

  private var heard: Heard?
  private(set) var roundTripTime: MediaTime?

  mutating func noteReference(_ time: NTPTimestamp, from ssrc: UInt32, now: MediaTime) {
    heard = Heard(ssrc: ssrc, reference: time.compact, arrival: now)
  }

  /// The peer answers a reference time of ours; `wallClock` is that of the reference times.
  mutating func noteAnswer(_ answer: ReferenceDelay, wallClock: NTPTimestamp) {
    let block = ReportBlock(
      ssrc: answer.ssrc, fractionLost: 0, cumulativeLost: 0, highestSequence: 0, jitter: 0,
      lastReport: answer.lastReference, delaySinceLastReport: answer.delay)
    guard let sample = block.roundTripTime(now: wallClock) else { return }
    roundTripTime = roundTripTime.map { ($0 * 3 + sample) / 4 } ?? sample
  }

  /// The answer to the peer's last reference time, once.
  mutating func takeAnswer(now: MediaTime) -> ReferenceDelay? {
    guard let last = heard else { return nil }
    heard = nil
    return ReferenceDelay(ssrc: last.ssrc, lastReference: last.reference, delay: (now - last.arrival).compactNTP)
  }
}

extension MediaPlane {
  mutating func receive(_ report: ExtendedReport, now: MediaTime) -> Bool {
    var wasOfUse = false
    for block in report {
      switch block {
      case .referenceTime(let time):
        probe.noteReference(time, from: report.sender, now: now)
        wasOfUse = true
      case .delay(let answer) where answer.ssrc == senderSSRC:
        probe.noteAnswer(answer, wallClock: NTPTimestamp(now + ntpOffset))
        wasOfUse = true
        passRoundTrip(probe.roundTripTime)
      case .delay: break
      }
    }
    return wasOfUse
  }

  /// Puts our reference time, if nothing else tells the round trip, and the answer to the peer's behind a report.
  mutating func writeRoundTripBlocks(into writer: inout RTCPWriter, now: MediaTime) {
    let isNeeded = !receivers.isEmpty && senders.isEmpty
    let answer = probe.takeAnswer(now: now)
    guard isNeeded || answer != nil else { return }
    _ = writer.extendedReport(
      sender: senderSSRC, referenceTime: isNeeded ? NTPTimestamp(now + ntpOffset) : nil, answer: answer)
  }

  mutating func passRoundTrip(_ time: MediaTime?) {
    guard let time else { return }
    roundTripTime = time
    for index in receivers.indices { receivers[index].sessionRoundTrip = time }
  }
}
