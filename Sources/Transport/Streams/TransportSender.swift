import MixCore

/// Numbers all packets of a session for transport-wide feedback and counts what comes back; statistics only.
struct TransportSender: Sendable {
  private struct Sent: Sendable {
    var sequence: UInt16
    var time: MediaTime
    var size: Int
    var isReported = false
  }

  private static let capacity = 2048
  private static let unused = Sent(sequence: 0, time: .distantPast, size: 0, isReported: true)

  private var nextSequence: UInt16 = 1
  private var sent: [Sent] = []
  private(set) var packetsAcknowledged: UInt64 = 0
  private(set) var bytesAcknowledged: UInt64 = 0
  private(set) var packetsLost: UInt64 = 0
  private(set) var lastFeedback: MediaTime?
  /// The peer's bound for what it receives, in bits per second (REMB).
  private(set) var receiverEstimate: UInt64?

  mutating func stamp(size: Int, now: MediaTime) -> UInt16 {
    if sent.isEmpty { sent = [Sent](repeating: Self.unused, count: Self.capacity) }
    let sequence = nextSequence
    sent[Int(sequence) & (Self.capacity - 1)] = Sent(sequence: sequence, time: now, size: size)
    nextSequence &+= 1
    return sequence
  }

  /// Each packet counts once, whatever the peer repeats; numbers never sent count nothing.
  mutating func noteFeedback(_ report: TransportFeedbackReport, now: MediaTime) {
    guard !sent.isEmpty else { return }
    lastFeedback = now
    for status in report.prefix(Self.capacity) {
      let slot = Int(status.sequence) & (Self.capacity - 1)
      guard sent[slot].sequence == status.sequence, !sent[slot].isReported else { continue }
      sent[slot].isReported = true
      if status.arrival == nil {
        packetsLost &+= 1
      } else {
        packetsAcknowledged &+= 1
        bytesAcknowledged &+= UInt64(sent[slot].size)
      }
    }
  }

  mutating func noteReceiverEstimate(_ bitrate: UInt64) { receiverEstimate = bitrate }
}
