import MixCore

/// Estimates when media was captured, on the local clock, for all tracks of one sender.
///
/// A track's RTP time is mapped to the sender's wall clock by sender reports or abs-capture-time, and that to the local
/// clock by the least delay any of its tracks has seen: so sound and picture of one instant get the same time. Before the
/// first report a track stands alone, on its own least delay.
///
/// RTP time goes on when a wall clock jumps, so a report that contradicts what is known is believed only when another
/// one, and the other tracks, bear it out. Whatever a report claims, an estimate never lies after the arrival of the
/// packet nor more than a second before it.
struct CaptureClock: Sendable {
  /// Tracks whose delays differ by more do not share a clock, whatever they say.
  private static let greatestSkew = MediaTime.seconds(1)
  /// A report that moves a track by less corrects the drift of its clock.
  private static let greatestStep = MediaTime.milliseconds(50)
  private static let greatestAge = MediaTime.seconds(1)
  /// Packets that are all as late as the first of them, as far as this, for so long are not late: their timestamps began
  /// anew. What waits in a queue mostly becomes later, or less late, and did not become so late from one packet to the next.
  private static let latenessLimit = MediaTime.milliseconds(140)
  private static let steadiness = MediaTime.milliseconds(30)
  /// However they come, no queue is so patient.
  private static let longestLateness = MediaTime.seconds(2)
  /// What a track that fell silent knows of the delay is soon out of date.
  private static let memory = MediaTime.seconds(10)
  /// Sender reports count again when no capture time came for so long.
  private static let captureTimePause = MediaTime.seconds(10)

  private var tracks: [CaptureTrack]

  init(clockRates: [Int64]) { tracks = clockRates.map { CaptureTrack(clockRate: $0) } }

  /// A packet came, not by retransmission; answers when it was captured.
  mutating func note(track index: Int, timestamp: UInt32, arrival: MediaTime) -> MediaTime {
    guard tracks.indices.contains(index) else { return arrival }
    let extended = tracks[index].unwrapper.unwrap(timestamp)
    if tracks[index].anchorTimestamp == nil { tracks[index].anchorTimestamp = extended }
    tracks[index].lastArrival = arrival
    let delay = arrival - tracks[index].senderTime(extended)
    if hasJumped(track: index, delay: delay, arrival: arrival) {
      tracks[index].continueBehindJump(delay: delay, now: arrival)
    } else if tracks[index].lateness == nil {
      tracks[index].noteDelay(delay, now: arrival)
    }
    return captureTime(track: index, timestamp: timestamp, arrival: arrival)
  }

  /// True if the timestamps began anew; a packet that is only late is looked at again.
  private mutating func hasJumped(track index: Int, delay: MediaTime, arrival: MediaTime) -> Bool {
    guard let least = tracks[index].least else { return false }
    if tracks[index].isRestarted || least - delay > Self.greatestAge { return true }
    guard delay - least > Self.greatestAge else {
      tracks[index].lateness = nil
      return false
    }
    var lateness = tracks[index].lateness ?? tracks[index].beginLateness(delay: delay, now: arrival)
    if (delay - lateness.delay).nanoseconds.magnitude > Self.steadiness.nanoseconds {
      (lateness.steadySince, lateness.delay) = (arrival, delay)
    }
    tracks[index].lateness = lateness
    let isSteady = !lateness.isQueue && arrival - lateness.steadySince >= Self.latenessLimit
    return isSteady || arrival - lateness.since >= Self.longestLateness
  }

  /// As `note`, without learning from it.
  func captureTime(track index: Int, timestamp: UInt32, arrival: MediaTime) -> MediaTime {
    guard tracks.indices.contains(index), let delay = leastDelay(of: index) else { return arrival }
    let track = tracks[index]
    let estimate = track.senderTime(track.unwrapper.peek(timestamp)) + delay
    return min(max(estimate, arrival - Self.greatestAge), arrival)
  }

  /// Another source takes the track over: its timestamps have nothing to do with those before.
  mutating func restart(track index: Int) {
    guard tracks.indices.contains(index) else { return }
    tracks[index].isRestarted = true
    tracks[index].lastCaptureTime = .distantPast
  }

  private func leastDelay(of index: Int) -> MediaTime? {
    guard let own = tracks[index].least else { return nil }
    var least = own
    for other in peers(of: index) {
      if let delay = tracks[other].least, isClose(delay, own) { least = min(least, delay) }
    }
    return least
  }

  /// The other tracks that tell the sender's wall clock and are heard.
  private func peers(of index: Int) -> some Sequence<Int> {
    let oldest = tracks[index].lastArrival - Self.memory
    return tracks.indices.lazy.filter { other in
      other != index && tracks[index].isReported && tracks[other].isReported && tracks[other].lastArrival >= oldest
    }
  }

  private func isClose(_ one: MediaTime, _ other: MediaTime) -> Bool {
    (one - other).nanoseconds.magnitude < Self.greatestSkew.nanoseconds
  }

  // MARK: Reports

  /// A sender report or an abs-capture-time says that `timestamp` was captured at `ntp`.
  mutating func map(
    track index: Int, timestamp: UInt32, to ntp: NTPTimestamp, isCaptureTime: Bool, now: MediaTime
  ) {
    guard tracks.indices.contains(index), ntp.rawValue != 0 else { return }
    // Capture times are exact; a sender report only repeats them with less care.
    if !isCaptureTime, now - tracks[index].lastCaptureTime < Self.captureTimePause { return }
    if isCaptureTime { tracks[index].lastCaptureTime = now }
    let extended = tracks[index].unwrapper.peek(timestamp)
    let step = ntp.time - tracks[index].senderTime(extended)
    if !tracks[index].isReported {
      tracks[index].adopt(step, from: ntp.time, at: extended)
    } else if step.nanoseconds.magnitude < Self.greatestStep.nanoseconds {
      tracks[index].follow(isCaptureTime ? step : step / 4)
      if isQueuedAlone(index) { tracks[index].lateness?.since = now }
    } else {
      weigh(step, track: index, ntp: ntp.time, timestamp: extended)
    }
  }

  /// The sender holds back this track's packets, as browsers do with pictures for which their rate is too small.
  private func isQueuedAlone(_ index: Int) -> Bool {
    peers(of: index).contains { tracks[$0].lateness == nil }
  }

  /// A report contradicts what is known of the track by `step`.
  private mutating func weigh(_ step: MediaTime, track index: Int, ntp: MediaTime, timestamp: Int64) {
    // All tracks alike: the sender's wall clock was set, and nothing changes between the tracks.
    for other in peers(of: index) {
      guard let pending = tracks[other].pendingStep, isSame(pending, step) else { continue }
      tracks[other].shift(by: pending)
      tracks[index].adopt(step, from: ntp, at: timestamp)
      return
    }
    let isExpected = tracks[index].isProvisional || tracks[index].pendingStep.map { isSame($0, step) } ?? false
    let delay = tracks[index].least.map { $0 - step }
    let isAlone = peers(of: index).allSatisfy { _ in false }
    let fits = peers(of: index).contains { other in
      guard let delay, let known = tracks[other].least else { return true }
      // Where its own report waits to be believed, each would wait for the other.
      return isClose(delay, known) || isClose(delay, known - (tracks[other].pendingStep ?? .zero))
    }
    if isExpected, fits || isAlone {
      tracks[index].adopt(step, from: ntp, at: timestamp)
    } else {
      tracks[index].pendingStep = step
    }
  }

  private func isSame(_ one: MediaTime, _ other: MediaTime) -> Bool {
    (one - other).nanoseconds.magnitude < Self.greatestStep.nanoseconds
  }
}

/// What a `CaptureClock` knows of one track.
struct CaptureTrack: Sendable {
  let clockRate: Int64
  var unwrapper = TimestampUnwrapper()
  /// Sender's wall clock (from 1900) at `anchorTimestamp`; the first packet stands at zero until a report comes.
  private var anchor = MediaTime.zero
  var anchorTimestamp: Int64?
  private(set) var isReported = false
  /// When a packet last told its own capture time.
  var lastCaptureTime = MediaTime.distantPast
  /// The timestamps began anew, and no report has told yet where.
  private(set) var isProvisional = false
  var isRestarted = false
  /// What the last report would have moved this track by, had it been believed.
  var pendingStep: MediaTime?
  private var delay = MinimumDelay()
  /// Least delay, which falls at once. Where the way has become longer for a track with reports it rises by a share of the
  /// time that passes that nobody sees: a step would move pictures and sound, which have long settled, once more.
  private(set) var least: MediaTime?
  private static let rise: Int64 = 200
  /// A queue lets no packet be later than the one before by more: that is the time a large one takes on a very slow way.
  private static let greatestGrowth = MediaTime.milliseconds(500)
  private var lastDelay = MediaTime.zero
  private var lastLearned = MediaTime.zero
  var lastArrival = MediaTime.distantPast
  /// Of packets that are much later than any before.
  var lateness: Lateness?

  struct Lateness: Sendable {
    var since: MediaTime
    /// Since when they have all had `delay`.
    var steadySince: MediaTime
    var delay: MediaTime
    /// They became so late one after the other.
    let isQueue: Bool
  }

  init(clockRate: Int64) { self.clockRate = clockRate }

  func senderTime(_ timestamp: Int64) -> MediaTime {
    anchor + MediaTime(count: timestamp &- (anchorTimestamp ?? timestamp), rate: clockRate)
  }

  func beginLateness(delay: MediaTime, now: MediaTime) -> Lateness {
    let isQueue = delay - lastDelay < Self.greatestGrowth
    return Lateness(since: now, steadySince: now, delay: delay, isQueue: isQueue)
  }

  mutating func noteDelay(_ delay: MediaTime, now: MediaTime) {
    learn(delay, now: now)
    lastDelay = delay
  }

  private mutating func learn(_ delay: MediaTime, now: MediaTime) {
    self.delay.note(delay, now: now)
    guard let fresh = self.delay.value else { return }
    let elapsed = max(.zero, now - lastLearned)
    lastLearned = now
    least = isReported ? least.map { min(fresh, $0 + elapsed / Self.rise) } ?? fresh : fresh
  }

  /// The first packet behind a jump is taken to have come no faster and no slower than the last one before it, which may
  /// have been later than the fastest.
  mutating func continueBehindJump(delay: MediaTime, now: MediaTime) {
    anchor += delay - lastDelay
    isProvisional = isReported
    isRestarted = false
    pendingStep = nil
    lateness = nil
    let known = min(least ?? lastDelay, lastDelay)
    // What was seen before says nothing of the new place.
    self.delay = MinimumDelay()
    least = nil
    learn(known, now: now)
  }

  /// Takes a report at its word; another zero of the wall clock changes no delay that was seen.
  mutating func adopt(_ step: MediaTime, from ntp: MediaTime, at timestamp: Int64) {
    shiftDelays(by: -step)
    anchor = ntp
    anchorTimestamp = timestamp
    isReported = true
    isProvisional = false
    pendingStep = nil
  }

  mutating func shift(by step: MediaTime) {
    shiftDelays(by: -step)
    anchor += step
    pendingStep = nil
  }

  private mutating func shiftDelays(by distance: MediaTime) {
    delay.shift(by: distance)
    least = least.map { $0 + distance }
    lastDelay += distance
  }

  /// The clocks of media and wall drift apart.
  mutating func follow(_ step: MediaTime) {
    anchor += step
    isProvisional = false
    pendingStep = nil
  }
}
