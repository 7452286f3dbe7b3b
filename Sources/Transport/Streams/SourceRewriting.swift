import MixCore

/// Maps the numbering of a forwarded source onto that of the stream it is forwarded on.
///
/// The offsets stay constant while the source goes on, so that reordered packets keep their places; when another source
/// begins, it continues right behind the newest packet, later by the time that passed.
struct SourceRewriting: Sendable {
  /// A jump by more is a new numbering even if the SSRC stays.
  private static let greatestJump = 3000

  private var source: UInt32?
  private var sequenceOffset: UInt16 = 0
  private var timestampOffset: UInt32 = 0
  private var newestSourceSequence: UInt16 = 0
  private var vp8 = VP8Continuation()

  struct Numbers {
    var sequence: UInt16
    var timestamp: UInt32
    /// What is to stand in the payload in place of its own numbers.
    var vp8: VP8Numbers?
  }

  /// Packets were left out on purpose: the next one continues behind the newest that was sent.
  mutating func restart() { source = nil }

  /// `nextSequence`, `lastTimestamp` and `lastTime` are of the outgoing stream.
  mutating func map(
    _ packet: ForwardQueue.Packet, nextSequence: UInt16, lastTimestamp: UInt32?, lastTime: MediaTime, clockRate: Int64
  ) -> Numbers {
    let distance = Int(packet.sequence.distance(since: newestSourceSequence))
    if packet.ssrc != source || abs(distance) > Self.greatestJump {
      source = packet.ssrc
      sequenceOffset = nextSequence &- packet.sequence
      let target: UInt32
      if let lastTimestamp {
        let passed = max((packet.captureTime - lastTime).count(rate: clockRate), 1)
        target = lastTimestamp &+ UInt32(truncatingIfNeeded: passed)
      } else {
        target = packet.timestamp
      }
      timestampOffset = target &- packet.timestamp
      newestSourceSequence = packet.sequence
      if let numbers = packet.vp8 { vp8.startSource(numbers) }
    } else if distance > 0 {
      newestSourceSequence = packet.sequence
    }
    let isNewest = packet.sequence == newestSourceSequence
    return Numbers(
      sequence: packet.sequence &+ sequenceOffset, timestamp: packet.timestamp &+ timestampOffset,
      vp8: packet.vp8.map { vp8.map($0, isNewest: isNewest) })
  }
}
