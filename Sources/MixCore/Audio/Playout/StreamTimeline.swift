/// Maps a sender's RTP timestamps to positions, in samples, on one unbroken line that starts at zero.
///
/// A sender may jump: backwards, far ahead, or to new random sequence numbers. The line then simply goes on from the time
/// that has passed here, so nothing behind it ever sees a jump.
struct StreamTimeline: Sendable {
  private struct Newest {
    var sequence: Int64
    var timestamp: Int64
    var position: Int64
    var samples: Int64
    var arrival: MediaTime
  }

  private var newest: Newest?
  /// Position minus timestamp now, before the last jump, and where the jump was.
  private var offset: Int64 = 0
  private var formerOffset: Int64 = 0
  private var jumpSequence = Int64.min

  private(set) var jumps = 0
  /// Sequence numbers never seen so far.
  private(set) var missing: Int64 = 0
  /// The packet placed last came after its successors.
  private(set) var isFilling = false
  /// The packet placed last is the one after the newest before it.
  private(set) var isConsecutive = false

  /// Sequence numbers further apart than this (a minute of 20 ms packets) are another stream (cf. RFC 3550 §A.1).
  private static let sequenceWindow: Int64 = 3_000
  /// A timestamp ahead of the time that has passed by more than this has jumped: one second.
  private static let aheadLimit: Int64 = 48_000
  /// As much more may be explained by packets lost on the way: ten seconds.
  private static let lossLimit: Int64 = 480_000
  /// Nobody waits for packets older than a minute.
  private static let behindLimit: Int64 = 2_880_000

  /// `nil` for a packet whose timestamp contradicts its place among the others.
  mutating func position(sequence: Int64, timestamp: Int64, samples: Int, arrival: MediaTime) -> Int64? {
    guard let last = newest else {
      offset = 0 &- timestamp
      formerOffset = offset
      jumpSequence = sequence
      return advance(sequence, timestamp, samples, arrival)
    }
    let ahead = sequence &- last.sequence
    isFilling = ahead < 0 && ahead > -Self.sequenceWindow
    isConsecutive = ahead == 1
    if ahead <= 0 && ahead > -Self.sequenceWindow { return earlierPosition(sequence, timestamp, before: last) }
    let elapsed = max(0, (arrival - last.arrival).count(rate: 48_000))
    if ahead > 0 && ahead <= Self.sequenceWindow {
      missing &+= ahead &- 1
      let step = timestamp &- last.timestamp
      let limit = Self.aheadLimit + min((ahead - 1) * last.samples, Self.lossLimit)
      if step <= 0 || step &- elapsed > limit { jump(to: sequence, timestamp, after: last, elapsed: elapsed) }
    } else {
      jump(to: sequence, timestamp, after: last, elapsed: elapsed)
    }
    return advance(sequence, timestamp, samples, arrival)
  }

  private mutating func earlierPosition(_ sequence: Int64, _ timestamp: Int64, before last: Newest) -> Int64? {
    let position = timestamp &+ (sequence < jumpSequence ? formerOffset : offset)
    let distance = last.position &- position
    guard distance >= 0, distance <= Self.behindLimit, (sequence == last.sequence) == (distance == 0) else {
      return nil
    }
    if distance > 0 && missing > 0 { missing -= 1 }
    return position
  }

  private mutating func advance(
    _ sequence: Int64, _ timestamp: Int64, _ samples: Int, _ arrival: MediaTime
  ) -> Int64 {
    let position = timestamp &+ offset
    newest = Newest(
      sequence: sequence, timestamp: timestamp, position: position, samples: Int64(samples), arrival: arrival)
    return position
  }

  private mutating func jump(to sequence: Int64, _ timestamp: Int64, after last: Newest, elapsed: Int64) {
    formerOffset = offset
    offset = last.position &+ max(last.samples, elapsed) &- timestamp
    jumpSequence = sequence
    jumps += 1
  }
}
