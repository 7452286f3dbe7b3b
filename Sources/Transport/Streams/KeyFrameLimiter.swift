import MixCore

/// Spaces what one peer asks for at the expense of all who get the same pictures. His first request passes at once, and
/// so does any that no key frame has followed; if he goes on asking behind one, he has to wait longer each time.
struct KeyFrameLimiter: Sendable {
  /// Somewhat less than the second that peers are wont to leave between two requests.
  private static let shortestPause = MediaTime.milliseconds(900)
  /// A programme has key frames of its own meanwhile.
  private static let longestPause = MediaTime.seconds(10)
  /// A forwarded stream has none but those that are asked for.
  private static let longestForwardedPause = MediaTime.seconds(4)
  /// By then a key frame should have begun to leave.
  private static let patience = MediaTime.milliseconds(500)
  /// Who asks for nothing so long sees pictures.
  private static let calm = MediaTime.seconds(3)

  private var pause = MediaTime.zero
  private var lastRequest = MediaTime.distantPast
  private var lastPassed = MediaTime.distantPast
  private var isAnswered = false
  private var longest = KeyFrameLimiter.longestPause

  /// A key frame begins to leave.
  mutating func noteKeyFrame(isForwarded: Bool) {
    isAnswered = true
    longest = isForwarded ? Self.longestForwardedPause : Self.longestPause
  }

  /// The peer asks for one; false if that is to be ignored.
  mutating func admits(now: MediaTime) -> Bool {
    if now - lastRequest >= Self.calm { pause = .zero }
    lastRequest = now
    guard now - lastPassed >= (isAnswered ? pause : Self.patience) else { return false }
    if isAnswered || pause == .zero { pause = min(max(pause * 2, Self.shortestPause), longest) }
    lastPassed = now
    isAnswered = false
    return true
  }
}
