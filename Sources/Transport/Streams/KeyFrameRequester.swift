import MixCore

/// Spaces requests for a key frame: almost at once, then as soon as an answer should have come, then with doubled pauses
/// up to a second. Three may follow each other so; in the long run there is never more than one a second.
struct KeyFrameRequester: Sendable {
  private static let shortestPause = MediaTime.milliseconds(100)
  private static let longestPause = MediaTime.seconds(1)
  /// The peer's next frame is the key frame: it is that far away at worst.
  private static let frameInterval = MediaTime.milliseconds(60)
  /// The first packet of a key frame may arrive just behind its second.
  static let reorderGrace = MediaTime.milliseconds(20)
  /// Of the long run: one per `longestPause`, of which this much may be saved up.
  private static let saved = MediaTime.seconds(2)

  private(set) var isWanted = false
  /// Nothing is known to be lost yet: the wish ends when what is missing comes.
  private var isPrecaution = false
  private var pause = KeyFrameRequester.shortestPause
  private var requestsOfSeries = 0
  private var lastSent = MediaTime.distantPast
  private var firstDue = MediaTime.distantPast
  /// When all requests so far would have been sent at one a second.
  private var paidUntil = MediaTime.distantPast

  /// `grace` is the time before the first request.
  mutating func want(
    now: MediaTime, asPrecaution: Bool = false, grace: MediaTime = KeyFrameRequester.reorderGrace
  ) {
    if !asPrecaution { isPrecaution = false }
    guard !isWanted else { return }
    isWanted = true
    isPrecaution = asPrecaution
    firstDue = now + grace
    requestsOfSeries = 0
    pause = Self.shortestPause
  }

  mutating func satisfy() { isWanted = false }

  /// A key frame begins to arrive. What is asked for because one that began does not get whole stays asked for.
  mutating func noteBeginning() { if !isPrecaution { isWanted = false } }

  mutating func satisfyPrecaution() { if isPrecaution { isWanted = false } }

  var nextDeadline: MediaTime {
    guard isWanted else { return .distantFuture }
    return max(lastSent + pause, max(firstDue, paidUntil - Self.saved))
  }

  /// True if a request is to be sent now.
  mutating func takeDue(now: MediaTime, roundTrip: MediaTime) -> Bool {
    guard now >= nextDeadline else { return false }
    let answer = max(roundTrip + roundTrip / 4 + Self.frameInterval, Self.shortestPause)
    pause = min(requestsOfSeries == 0 ? answer : pause * 2, Self.longestPause)
    requestsOfSeries &+= 1
    lastSent = now
    paidUntil = max(paidUntil, now) + Self.longestPause
    return true
  }
}
