import MixCore

/// What the streams a session sends have in common: one numbering, one rate, one queue.
struct TransportSender: Sendable {
  /// What a packet has besides its RTP: headers of IPv4 and UDP, and the tag of the longest SRTP profile.
  static let overhead = 20 + 8 + 16
  /// What waits longer for a key frame to leave is too much for the path.
  private static let longestKeyFrame = MediaTime.milliseconds(500)

  private var nextSequence: UInt16 = 1
  private var sent = SentPackets()
  var bandwidth = BandwidthControl()
  var outbox = Outbox()
  /// The stream that packets without media can be sent on.
  var padder: Int?
  private(set) var packetsAcknowledged: UInt64 = 0
  private(set) var bytesAcknowledged: UInt64 = 0
  private(set) var packetsLost: UInt64 = 0

  /// The next transport-wide number.
  mutating func takeNumber() -> UInt16 {
    defer { nextSequence &+= 1 }
    return nextSequence
  }

  /// A packet of so many bytes was written; `number` is its transport-wide one.
  mutating func noteSent(_ length: Int, number: UInt16?, now: MediaTime) {
    let size = length + Self.overhead
    if let number { sent.note(number, size: size, cluster: bandwidth.cluster?.number ?? 0, now: now) }
    bandwidth.noteSent(size, isNumbered: number != nil, now: now)
  }

  /// Each packet counts once, whatever the peer repeats; numbers never sent count nothing.
  mutating func noteFeedback(_ report: TransportFeedbackReport, now: MediaTime) {
    let news = bandwidth.noteFeedback(report, sent: &sent, now: now)
    packetsAcknowledged &+= UInt64(news.acknowledgedPackets)
    bytesAcknowledged &+= UInt64(news.acknowledgedBytes)
    packetsLost &+= UInt64(news.lostPackets)
  }

  /// Packets other than audio may leave now.
  func allows(_ now: MediaTime) -> Bool { bandwidth.allows(now, underWay: sent.underWay) }

  /// When they may.
  var releaseDeadline: MediaTime { bandwidth.releaseDeadline(underWay: sent.underWay) }

  /// How long what is queued needs to leave.
  var wait: MediaTime { bandwidth.pacer.time(for: outbox.waitingBytes) }

  /// The part of it that does not go by itself: where the path carries all there is, what key frames have brought does.
  mutating func excessWait(_ now: MediaTime) -> MediaTime {
    guard outbox.hasVideo, bandwidth.isWideEnough(now) else { return wait }
    let keyFrames = bandwidth.pacer.time(for: outbox.keyFrameBytes)
    return max(wait - min(keyFrames, Self.longestKeyFrame), .zero)
  }
}
