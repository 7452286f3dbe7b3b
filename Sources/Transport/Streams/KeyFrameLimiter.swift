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
  /// Whom its last key frame has reached whole has lost something else since.
  private static let deliveredPause = MediaTime.seconds(1)
  /// To whom so many in a row that reached him were of no use, others are not either.
  private static let mostFutile = 8
  /// By then a key frame should have begun to leave.
  private static let patience = MediaTime.milliseconds(500)
  /// Who asks for nothing so long sees pictures.
  private static let calm = MediaTime.seconds(3)
  /// The same behind a key frame of a forwarded stream, which was asked for.
  private static let forwardedCalm = MediaTime.seconds(1)
  private static let longestRoundTrip = MediaTime.seconds(1)

  private var pause = MediaTime.zero
  private var lastRequest = MediaTime.distantPast
  private var lastPassed = MediaTime.distantPast
  private var lastKeyFrame = MediaTime.distantPast
  private var isAnswered = false
  private var isForwarded = false
  /// Nothing of the last key frame is known to be lost.
  private var isWhole = true
  /// Key frames since he was calm that reached him and that he has asked behind all the same.
  private var futile = 0
  /// Something behind the last key frame is known to be lost.
  private var hasLostSince = false

  /// A key frame begins to leave.
  mutating func noteKeyFrame(isForwarded: Bool, now: MediaTime) {
    isAnswered = true
    isWhole = true
    hasLostSince = false
    lastKeyFrame = now
    self.isForwarded = isForwarded
  }

  /// The peer misses a part of the last key frame.
  mutating func noteLoss() { isWhole = false }

  /// The peer misses another packet.
  mutating func noteMissing(sent: MediaTime) { if sent >= lastKeyFrame { hasLostSince = true } }

  /// The peer asks for one; false if that is to be ignored, as what he asks while one is on its way to him.
  mutating func admits(now: MediaTime, roundTrip: MediaTime = .zero) -> Bool {
    if now - lastRequest >= Self.calm {
      (pause, futile) = (.zero, 0)
    } else if isSeeing(now), futile < Self.mostFutile || hasLostSince {
      pause = .zero
    }
    lastRequest = now
    let isUnderWay = isAnswered && now - lastKeyFrame < min(roundTrip, Self.longestRoundTrip)
    guard !isUnderWay, now - lastPassed >= (isAnswered ? min(pause, longest) : Self.patience) else { return false }
    if isAnswered || pause == .zero {
      pause = min(max(pause * 2, Self.shortestPause), isForwarded ? Self.longestForwardedPause : Self.longestPause)
    }
    if isAnswered, isWhole { futile += 1 }
    lastPassed = now
    isAnswered = false
    return true
  }

  /// He did not ask for a while behind the last key frame of a forwarded stream. Whose decoder fails again and again, though
  /// nothing is lost, is taken at that only a few times.
  private func isSeeing(_ now: MediaTime) -> Bool {
    isForwarded && isAnswered && now - max(lastRequest, lastKeyFrame) >= Self.forwardedCalm
  }

  private var longest: MediaTime {
    guard isForwarded else { return Self.longestPause }
    return isWhole && futile < Self.mostFutile ? Self.deliveredPause : Self.longestForwardedPause
  }
}
