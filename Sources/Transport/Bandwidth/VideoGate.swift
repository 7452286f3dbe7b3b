import MixCore

/// Lets the frames of one video stream into the queue as long as they do not wait there too long. A frame that would
/// closes the gate; as nothing behind it can be decoded, only a key frame opens it again.
struct VideoGate: Sendable {
  private static let longestWait = MediaTime.milliseconds(250)
  /// A key frame that opens the gate may take so long altogether.
  private static let longestStart = MediaTime.milliseconds(500)
  private static let requestPause = MediaTime.seconds(1)

  private(set) var isOpen = true
  private var lastRequest = MediaTime.distantPast

  /// - Parameters:
  ///   - wait: until what is queued already has left.
  ///   - length: of the frame itself, at the rate packets leave.
  mutating func admits(isKeyFrame: Bool, wait: MediaTime, length: MediaTime) -> Bool {
    if isOpen {
      isOpen = wait <= Self.longestWait
    } else if isKeyFrame {
      isOpen = wait + length <= Self.longestStart
    }
    return isOpen
  }

  mutating func close() { isOpen = false }

  /// True when a key frame should be asked for, as there is room for the stream again.
  mutating func takeRequest(hasRoom: Bool, now: MediaTime) -> Bool {
    guard !isOpen, hasRoom, now - lastRequest >= Self.requestPause else { return false }
    lastRequest = now
    return true
  }
}
