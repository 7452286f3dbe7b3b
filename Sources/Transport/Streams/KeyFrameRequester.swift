import MixCore

/// Spaces requests for a key frame: almost at once, then after 300 ms, 600 ms and every second until one comes.
struct KeyFrameRequester: Sendable {
  private static let shortestPause = MediaTime.milliseconds(300)
  private static let longestPause = MediaTime.seconds(1)
  /// The first packet of a key frame may arrive just behind its second.
  private static let reorderGrace = MediaTime.milliseconds(20)

  private(set) var isWanted = false
  private var pause = KeyFrameRequester.shortestPause
  private var lastSent = MediaTime.distantPast
  private var wantedSince = MediaTime.distantPast

  mutating func want(now: MediaTime) {
    guard !isWanted else { return }
    isWanted = true
    wantedSince = now
    pause = Self.shortestPause
  }

  mutating func satisfy() { isWanted = false }

  var nextDeadline: MediaTime {
    isWanted ? max(lastSent + pause, wantedSince + Self.reorderGrace) : .distantFuture
  }

  /// True if a request is to be sent now.
  mutating func takeDue(now: MediaTime) -> Bool {
    guard now >= nextDeadline else { return false }
    // The first request after a long silence starts the series; nothing ever comes closer than the shortest pause.
    pause = now - lastSent > Self.longestPause * 2 ? Self.shortestPause : min(pause * 2, Self.longestPause)
    lastSent = now
    return true
  }
}
