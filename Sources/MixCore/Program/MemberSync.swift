/// Releases one participant's sound and pictures for the same instant.
///
/// Pictures are shown at once and sound is as late as its playout buffer makes it, which the programme's time line knows
/// as `soundLag`. Where the sound is later than that, the pictures wait for it; where the pictures need longer, the
/// sound's least delay rises. Each looks at what the other one needs, not at what it waits: so there is no loop that could
/// swing. Only how fast sound returns to shorter delays goes by where it is, see `returning`.
///
/// All delays are from the capture, on the local clock, to the instant that the programme's time line gives it.
struct MemberSync: Sendable {
  /// Sound packets carry times this much before the instant they are mixed: that much later than a picture comes out of
  /// its decoder does sound come out of its playout buffer on a good network.
  static let soundLag = MediaTime.milliseconds(40)

  /// What an Opus encoder looks ahead (RFC 6716 §2), so that decoded sound is older than its packet says.
  private static let codecDelay = MediaTime.microseconds(6_500)
  /// Where the sound is later than the pictures by more, and stays so, they begin to wait, if they would wait that long.
  private static let holdsFrom = MediaTime.milliseconds(25)
  private static let leastHold = MediaTime.milliseconds(16)
  private static let staysLate = MediaTime.milliseconds(800)
  /// Sooner where it is so much that anybody sees it.
  private static let farLate = MediaTime.milliseconds(60)
  private static let staysFarLate = MediaTime.milliseconds(250)
  /// Where the sound is later than this for all that pictures seem to have to wait, they wait as well: it is up to where in
  /// a period the host's pictures lie.
  private static let tooLate = MediaTime.milliseconds(40)
  /// And no longer once the wait were shorter than this.
  private static let holdsUntil = MediaTime.milliseconds(10)
  /// Pictures that had to wait for their own sake return to shorter delays only as fast as the sound does, which is slower,
  /// and ahead of it by no more than this.
  private static let lead = MediaTime.milliseconds(15)
  /// How long the programme's clock takes to follow after a change, in which what is seen says nothing.
  private static let settling = MediaTime.milliseconds(700)
  /// Sound and pictures are in step when they differ by no more than this on average.
  private static let inStep = MediaTime.milliseconds(35)
  /// A single picture that is later than this beside its sound is seen to be, and so is one that is so much later than others.
  private static let visiblyLate = MediaTime.milliseconds(28)
  private static let unusuallyLate = MediaTime.milliseconds(24)
  private static let late = MediaTime.milliseconds(10)
  /// Pictures that are evened out are not meant to be later than their sound by more than this, nor earlier.
  private static let behindSound = MediaTime.milliseconds(10)
  private static let aheadOfSound = MediaTime.milliseconds(5)
  /// The sound is told to return to shorter delays by so much at a time, or by half of what is left: `PlayoutPace` then takes
  /// about an eighth of the time that passes, which pictures can follow by whole ticks.
  private static let slowReturn = MediaTime.milliseconds(45)
  /// Sound that is farther from its mean goes somewhere else, and the pictures with it.
  private static let moves = MediaTime.milliseconds(30)
  private static let longestHold = MediaTime.milliseconds(500)
  private static let soundDelays = MediaTime.milliseconds(20)...MediaTime.milliseconds(400)
  /// The sound's least delay is left as it is for smaller differences; what is late are mostly pictures.
  private static let raises = MediaTime.milliseconds(1)
  private static let lowers = MediaTime.milliseconds(5)
  /// Without packets or pictures for longer there is nothing to be in step with.
  private static let patience = MediaTime.seconds(2)
  private static let greatest = MediaTime.seconds(1)

  private var pictures = PictureDelay()
  private var transit = LeastTransit()
  private var lastPicture = MediaTime.distantPast
  private var lastSound = MediaTime.distantPast

  /// Programme delay of the sound, smoothed over a quarter of a second; sooner where it moves.
  private var heard: MediaTime?
  /// Programme delay of the pictures, smoothed likewise.
  private var shown: MediaTime?
  /// From a picture's release to the instant its tick stands for, smoothed likewise.
  private var tickDelay: MediaTime?
  private var isHolding = false
  /// Less than this ends the wait.
  private var leastSurplus = Self.holdsUntil
  /// Pictures wait, or have waited and the sound is not back yet.
  private var isFollowing = false
  private var lateSince: MediaTime?
  private var settled = MediaTime.distantPast

  /// How long after their capture pictures are released at the earliest.
  private(set) var pictureDelay = MediaTime.zero
  /// What the sound's playout buffer must not fall below.
  private(set) var soundDelay = Self.soundDelays.lowerBound

  /// From a picture's capture to the moment it was picked.
  private(set) var pictureAge = MediaTime.zero

  /// By how much the sound is later than the pictures; zero while one of them is missing.
  var skew: MediaTime {
    guard let heard, let shown else { return .zero }
    return heard - shown
  }

  /// Whether the tick that stands for `instant` would show a picture which came late itself, and is seen to be later than
  /// the sound beside it. Never while all of them are late, nor for what is only the distance to the tick.
  func isTooLate(_ picture: SourcePicture, at instant: MediaTime) -> Bool {
    let captured = picture.timings.captured
    guard captured != .zero, let heard, let shown, abs((heard - shown).nanoseconds) <= Self.inStep.nanoseconds,
      picture.instant - captured - max(pictures.needed, pictureDelay) > Self.late
    else { return false }
    return instant - captured > max(heard + Self.visiblyLate, shown + Self.unusuallyLate)
  }

  /// A packet of sound came.
  mutating func soundArrived(captured: MediaTime, at arrival: MediaTime) {
    lastSound = max(lastSound, arrival)
    transit.note(max(.zero, arrival - captured), at: arrival)
  }

  /// The sound captured at `captured` was mixed into the block of the tick at `now`.
  mutating func soundPlayed(captured: MediaTime, at now: MediaTime) {
    guard now - lastSound < Self.patience else {
      heard = nil
      return
    }
    let delay = now - Self.soundLag - (captured - Self.codecDelay)
    let isMoving = heard.map { (delay - $0).nanoseconds.magnitude > Self.moves.nanoseconds.magnitude } ?? false
    heard = Self.smooth(heard, with: delay, by: isMoving ? 10 : 24)
  }

  mutating func pictureReady(captured: MediaTime, ready: MediaTime) {
    lastPicture = ready
    pictures.note(captured: captured, ready: ready)
  }

  /// A picture was picked for the first time at `now`, by the tick that stands for `instant`.
  mutating func pictureShown(captured: MediaTime, ready: MediaTime, at now: MediaTime, instant: MediaTime) {
    pictureAge = now - captured
    shown = Self.smooth(shown, with: instant - captured, by: 8)
    let wait = instant - max(ready, captured + pictureDelay)
    tickDelay = Self.smooth(now < settled ? nil : tickDelay, with: wait, by: 8)
  }

  /// Decides anew; once per picture tick.
  /// - Parameter wait: mean time from a release to the instant of the tick that shows it.
  mutating func decide(at now: MediaTime, wait: MediaTime) {
    if now - lastPicture > Self.patience {
      (shown, tickDelay) = (nil, nil)
      pictures.restart()
    }
    if now - lastSound > Self.patience { heard = nil }
    decideHold(at: now, wait: wait)
    if now >= settled { decideSound() }
  }

  private mutating func decideHold(at now: MediaTime, wait: MediaTime) {
    let hold = (heard ?? .zero) - wait
    let surplus = hold - pictures.needed
    let wasHolding = isHolding
    if heard == nil || lastPicture == .distantPast {
      isHolding = false
    } else if isHolding {
      isHolding = surplus > leastSurplus
    } else {
      let isSmall = surplus <= Self.leastHold
      isHolding = isLate(at: now) && (!isSmall || lateness > Self.tooLate && surplus > .zero)
      leastSurplus = isSmall ? -Self.holdsUntil : Self.holdsUntil
    }
    // Pictures that were late for their own sake already are where they were.
    if isHolding != wasHolding, !(isHolding && isFollowing) { settled = now + Self.settling }
    isFollowing = pictures.held != nil || isFollowing && surplus > Self.lead
    let asLateAsSound = isHolding ? hold : isFollowing ? hold - Self.lead : .zero
    pictureDelay = max(evened(pictures.held, wait: tickDelay ?? wait), min(asLateAsSound, Self.longestHold))
  }

  /// The delay that evens pictures out, but no farther from the sound than can be seen: this delay grows at once, which the
  /// sound cannot, and the sound's may be the longer one for a while.
  /// - Parameter wait: from a release until it is seen.
  private func evened(_ held: MediaTime?, wait: MediaTime) -> MediaTime {
    guard let held, let heard else { return held ?? .zero }
    let delay = max(held, min(heard - wait - Self.aheadOfSound, Self.longestHold))
    return max(.zero, min(delay, heard - wait + Self.behindSound))
  }

  private var lateness: MediaTime { (heard ?? .zero) - pictures.needed - (tickDelay ?? .zero) }

  /// The sound has been too late for pictures that are not held, long enough to be no mere swing.
  private mutating func isLate(at now: MediaTime) -> Bool {
    guard now >= settled, heard != nil, tickDelay != nil, lateness > Self.holdsFrom else {
      lateSince = nil
      return false
    }
    let since = lateSince ?? now
    lateSince = since
    return now - since >= (lateness > Self.farLate ? Self.staysFarLate : Self.staysLate)
  }

  /// While pictures wait for the sound it needs no more than it has; what they need themselves is less.
  private mutating func decideSound() {
    guard lastSound != .distantPast, isHolding || tickDelay != nil || shown == nil else { return }
    let needed = max(
      shown == nil ? -Self.greatest : pictures.needed + (isHolding ? .zero : tickDelay ?? .zero), returning)
    let delay = needed + Self.soundLag - Self.codecDelay - transit.least
    let bounded = min(max(delay, Self.soundDelays.lowerBound), Self.soundDelays.upperBound)
    let change = bounded - soundDelay
    if change > Self.raises || change < -Self.lowers { soundDelay = bounded }
  }

  /// What keeps sound that returns from running away from pictures which do so as well. Always well below what is heard, or
  /// both would wait for each other for ever.
  private var returning: MediaTime {
    guard let heard, isHolding || isFollowing else { return -Self.greatest }
    return heard - max(Self.slowReturn, (heard - pictures.needed) / 2)
  }

  private static func smooth(_ mean: MediaTime?, with value: MediaTime, by share: Int64) -> MediaTime {
    let value = min(max(value, -greatest), greatest)
    guard let mean else { return value }
    return mean + (value - mean) / share
  }
}

/// The least time from capture to arrival among the packets of the last seconds.
private struct LeastTransit: Sendable {
  private static let span = MediaTime.seconds(1)
  private var current = MediaTime.distantFuture
  private var former = MediaTime.distantFuture
  private var end = MediaTime.distantPast

  var least: MediaTime {
    let least = min(current, former)
    return least == .distantFuture ? .zero : least
  }

  mutating func note(_ transit: MediaTime, at arrival: MediaTime) {
    if arrival >= end {
      former = current
      current = .distantFuture
      end = arrival + Self.span
    }
    current = min(current, transit)
  }
}
