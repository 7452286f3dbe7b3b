import MixCore

/// Tells when the rest of a frame that has begun to arrive is overdue.
///
/// How far apart the packets of one frame come is learned; of a sender that does not mark the last packet of a frame
/// nothing is ever expected.
struct FrameTail: Sendable {
  private static let leastWait = MediaTime.milliseconds(15)
  private static let longestGap = MediaTime.milliseconds(200)

  private var timestamp: UInt32?
  private var sequence: Int64 = 0
  private var arrival = MediaTime.zero
  private var endedMarked = false
  private var marksEnds = false
  /// Between two packets of a frame, at most; forgotten slowly.
  private var gap = MediaTime.zero

  /// Takes the newest packet; answers when the next one of its frame will be overdue, `nil` if it was the last.
  mutating func note(
    sequence: Int64, timestamp: UInt32, marker: Bool, isRepair: Bool, arrival: MediaTime
  ) -> MediaTime? {
    if sequence == self.sequence &+ 1, !isRepair, let before = self.timestamp {
      if before == timestamp {
        let apart = min(arrival - self.arrival, Self.longestGap)
        gap = max(apart, gap - gap / 64)
      } else {
        marksEnds = endedMarked
      }
    }
    (self.sequence, self.timestamp, self.arrival, endedMarked) = (sequence, timestamp, arrival, marker)
    return marksEnds && !marker ? arrival + gap * 2 + Self.leastWait : nil
  }
}
