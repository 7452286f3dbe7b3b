import MixCore

/// Lets the frames of one video stream into the queue as long as they do not wait there too long. A frame that would
/// closes the gate; as nothing behind it can be decoded, only a key frame opens it again.
struct VideoGate: Sendable {
  private static let longestWait = MediaTime.milliseconds(250)
  /// A key frame that opens the gate may take so long altogether.
  private static let longestStart = MediaTime.milliseconds(500)
  private static let shortestPause = MediaTime.seconds(1)
  private static let longestPause = MediaTime.seconds(4)
  /// When the next request comes later than this behind twice the pause, the stream had got going in between. With the
  /// pauses no longer than those after which all is tried on paths that only a peer's bound is known of, none is missed.
  private static let trial = MediaTime.seconds(5)

  private(set) var isOpen = true
  private var lastRequest = MediaTime.distantPast
  private var pause = VideoGate.shortestPause

  /// - Parameters:
  ///   - wait: until what is queued already has left; while the gate is open, without what its key frames need.
  ///   - length: of the frame itself, at the rate packets leave.
  mutating func admits(isKeyFrame: Bool, wait: MediaTime, length: MediaTime) -> Bool {
    if isOpen {
      isOpen = wait <= Self.longestWait
    } else if isKeyFrame {
      isOpen = wait <= Self.longestWait && wait + length <= Self.longestStart
    }
    return isOpen
  }

  mutating func close() { isOpen = false }

  /// True when a key frame should be asked for, as there is room for the stream again. Others pay for it too: as long as
  /// the stream does not get going, each pause is twice as long as the one before.
  mutating func takeRequest(hasRoom: Bool, now: MediaTime) -> Bool {
    guard !isOpen, hasRoom, now - lastRequest >= pause else { return false }
    let wasFutile = now - lastRequest < pause * 2 + Self.trial
    pause = wasFutile ? min(pause * 2, Self.longestPause) : Self.shortestPause
    lastRequest = now
    return true
  }
}
