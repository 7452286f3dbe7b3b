import MixCore

/// Everything a session knows and does about the rate it sends at: the estimate, its probes and its pace.
struct BandwidthControl: Sendable {
  /// In bursts packets leave faster than the estimate; where the end of the path was met lately, hardly.
  private static let pace = 2.5
  private static let limitedPace = 1.25
  /// Where nothing tells of the path but the peer's bound, which knows nothing of a queue.
  static let blindPace = 1.05
  private static let limitMemory = MediaTime.seconds(30)
  private static let windowPause = MediaTime.milliseconds(20)
  /// A peer that never answers does not do transport-wide feedback.
  private static let firstAnswer = MediaTime.seconds(2)
  /// Unanswered so long, the path is down.
  private static let silence = MediaTime.milliseconds(1200)
  private static let outage = MediaTime.milliseconds(600)
  private static let signOfLife = MediaTime.seconds(1)
  /// A peer that goes on receiving for so long and tells nothing of it has ceased to do transport-wide feedback.
  private static let longestSilence = MediaTime.seconds(10)
  /// One report may overtake the feedback when a path is back.
  private static let leastReceptions = 3
  /// Where no packets without media can be sent, media itself has to find out whether the path is there again.
  private static let patience = MediaTime.seconds(3)
  private static let signRate = 200_000.0
  /// More than this times what is on offer need not be known.
  private static let useful = 2.0
  /// Where losses hold the estimate below what a probe has found, the next one would find nothing of use.
  private static let followed = 0.9
  private static let paddingTime = 0.0025
  private static let lookPause = MediaTime.milliseconds(250)

  private var estimator = SendSideEstimator()
  private var probes = ProbeControl()
  private var reported = ReportedLoss()
  private(set) var cluster: ProbeCluster?
  private(set) var pacer = Pacer()
  /// All media on offer, sent or refused.
  private var offered = RateMeter(window: .seconds(2))
  /// A shorter look, for encoders that have followed the estimate down; key frames may be missing from it.
  private var offeredLately = RateMeter(window: .milliseconds(500))
  private static let keyFrameShare = 1.15
  /// What an estimate falls short by on a path that suffices.
  private static let nearly = 0.8
  private(set) var offeredRate = 0.0
  /// When one was on offer last.
  private var lastPicture = MediaTime.distantPast
  /// Pictures that have not come for so long are paused.
  private static let idleness = MediaTime.seconds(3)
  /// What the user of the session would send at best.
  var wanted: Double?
  /// What it would send with the next better layer, while it sends all of another one.
  var better: Double?
  /// The peer's own bound (REMB).
  private(set) var receiverBound: Double?
  private var firstSent: MediaTime?
  private var unansweredSince: MediaTime?
  private var lastSign = MediaTime.distantPast
  /// When it is looked whether a probe is due.
  private var looksAt = MediaTime.distantPast
  private var canProbe = false
  /// Video is refused for want of rate.
  var isShort = false

  // MARK: Estimate

  var hasFeedback: Bool { estimator.lastFeedback != nil && !hasCeased }
  private var hasCeased = false
  /// How often the peer has told otherwise that something came, since he last answered.
  private var receptions = 0
  var roundTrip: MediaTime? { estimator.roundTrip }
  var loss: Double { estimator.loss }

  private func isMute(_ now: MediaTime) -> Bool {
    guard !hasFeedback, let firstSent else { return firstSent == nil }
    return now - firstSent > Self.firstAnswer
  }

  /// Nothing sent lately was answered.
  func isStalled(_ now: MediaTime) -> Bool {
    guard hasFeedback, let unansweredSince, !isForsaken(now) else { return false }
    return now - unansweredSince > Self.silence + (estimator.roundTrip ?? .zero)
  }

  private func isForsaken(_ now: MediaTime) -> Bool {
    guard !canProbe, let unansweredSince else { return false }
    return now - unansweredSince > Self.patience + (estimator.roundTrip ?? .zero)
  }

  /// Bits per second for everything, headers down to IP included; `nil` while nobody tells anything of the path.
  private(set) var available: Double?
  private var trial = BoundTrial()
  private var isLimited = false
  /// Bytes that may be under way unanswered where the end of the path is known: when a path becomes narrow, what is too
  /// much waits here, and not before the sound.
  private var window: Int?

  private mutating func update(now: MediaTime) {
    let known: Double? = isMute(now) ? reported.bitrate : estimator.bitrate
    let bound = receiverBound.map { max($0, hasFeedback ? 0 : trial.rate ?? 0) }
    available = bound.map { min(known ?? $0, $0) } ?? known
    let lastLimit = hasCeased ? nil : estimator.lastLimit
    isLimited = lastLimit.map { now - $0 < Self.limitMemory } ?? (receiverBound != nil)
    window = isLimited && !isMute(now) ? Int((available ?? 0) / 8 * estimator.patience.seconds) : nil
    let limited = hasFeedback ? Self.limitedPace : Self.blindPace
    pacer.rate = available.map { $0 * (isLimited ? limited : Self.pace) }
  }

  private mutating func tryAll(_ now: MediaTime) {
    guard !hasFeedback, let receiverBound else { return }
    let hasRoom = hasRoomForAll(now)
    var begins = false
    if isShort || !hasRoom {
      begins = trial.begin(offered: offeredRate, bound: receiverBound, isShort: isShort, now: now)
    } else if let better {
      begins = trial.raise(to: better, bound: receiverBound, now: now)
    }
    guard begins else { return }
    reported = ReportedLoss()
    update(now: now)
  }

  mutating func noteFeedback(
    _ report: TransportFeedbackReport, sent: inout SentPackets, now: MediaTime
  ) -> SendSideEstimator.News {
    let silence = unansweredSince.map { now - $0 } ?? .zero
    let isReturn = estimator.lastFeedback != nil && silence > Self.outage + (roundTrip ?? .zero)
    let before = estimator.bitrate
    let news = estimator.note(report, sent: &sent, isReturn: isReturn, now: now)
    guard news.acknowledgedPackets > 0 else { return news }
    unansweredSince = nil
    (hasCeased, receptions) = (false, 0)
    if isReturn { probes.restart(rates: [before]) }
    if let probe = news.probe, estimator.bitrate >= Self.followed * probe.measured {
      probes.note(probe, goal: BitrateLimits.range.upperBound, now: now)
    }
    update(now: now)
    return news
  }

  mutating func noteReceiverBound(_ bitrate: UInt64, now: MediaTime) {
    let bound = BitrateLimits.clamp(Double(bitrate))
    // While pictures are refused it is not they that make him restless.
    let isTelling = trial.rate == nil ? !isShort : !trial.awaitsPictures(now)
    if isTelling, let before = receiverBound, trial.isFall(from: before, to: bound) { trial.end(now: now) }
    receiverBound = bound
    update(now: now)
  }

  /// Pictures that were refused leave again, or those of another layer.
  mutating func noteResumption(now: MediaTime) { trial.noteResumption(now: now) }

  /// The peer misses one more packet. True if less may be sent for that.
  mutating func noteMissing(sent: MediaTime, now: MediaTime) -> Bool {
    guard trial.noteMissing(sent: sent, now: now) else { return false }
    update(now: now)
    return true
  }

  /// The peer has received something since he last said so.
  mutating func noteReception(now: MediaTime) {
    guard hasFeedback, let unansweredSince else { return }
    receptions += 1
    guard receptions >= Self.leastReceptions,
      now - unansweredSince > Self.longestSilence + (estimator.roundTrip ?? .zero)
    else { return }
    hasCeased = true
    trial = BoundTrial()
    reported = ReportedLoss()
    cluster = nil
    update(now: now)
  }

  /// True if less may be sent for that.
  mutating func noteReportedLoss(_ loss: Double, now: MediaTime) -> Bool {
    guard isMute(now) else { return false }
    let before = reported.bitrate ?? .infinity
    reported.note(loss, offered: offeredRate, now: now)
    let isLess = reported.bitrate ?? .infinity < before
    if isLess { trial.end(now: now) }
    update(now: now)
    return isLess
  }

  /// Everything on offer could be sent.
  mutating func hasRoomForAll(_ now: MediaTime) -> Bool { hasRoom(for: 1, now: now) }

  /// The path is not known to be too narrow for what is on offer: its own estimate varies by a little, and what the
  /// peer's bound allows is all there is.
  mutating func isWideEnough(_ now: MediaTime) -> Bool { hasRoom(for: hasFeedback ? Self.nearly : 1, now: now) }

  private mutating func hasRoom(for share: Double, now: MediaTime) -> Bool {
    let lately = offeredLately.rate(at: now).map { $0 * Self.keyFrameShare } ?? offeredRate
    return !isStalled(now) && (available.map { $0 >= min(offeredRate, lately) * share } ?? true)
  }

  // MARK: Sending

  /// Media is there to be sent, whether it will be or not.
  mutating func noteOffer(_ bytes: Int, isVideo: Bool, now: MediaTime) {
    offered.add(bytes, at: now)
    offeredLately.add(bytes, at: now)
    offeredRate = offered.rate(at: now) ?? offeredRate
    if isVideo { lastPicture = now }
    let isIdle = now - lastPicture >= Self.idleness
    guard canProbe, isVideo || wanted != nil && (isShort || isIdle) else { return }
    // Pictures that are refused have met the end of the path; where none come, much at once is of no use.
    let isFirst = isShort ? estimator.lastLimit == nil : isVideo
    probes.start(estimate: isFirst ? estimator.bitrate : nil, now: now)
  }

  /// - Parameter bytes: on the wire.
  mutating func noteSent(_ bytes: Int, isNumbered: Bool, now: MediaTime) {
    pacer.note(bytes)
    trial.noteSent(bytes)
    guard isNumbered else { return }
    if firstSent == nil {
      firstSent = now
      update(now: now)
    }
    if unansweredSince == nil { unansweredSince = now }
    guard var active = cluster else { return }
    active.noteSent(bytes: bytes, now: now)
    cluster = active.isComplete ? nil : active
  }

  /// - Parameter canPad: there is a stream that packets without media can be sent on.
  mutating func advance(to now: MediaTime, canPad: Bool) {
    canProbe = canPad
    pacer.advance(to: now)
    if isMute(now), available != nil { update(now: now) }
    tryAll(now)
    if !canPad { probes.cancel() }
    if !canPad || cluster?.isExpired(now) == true { cluster = nil }
    guard cluster == nil, canPad, now >= looksAt || probes.isUrgent, !isMute(now) else { return }
    looksAt = now + Self.lookPause
    cluster = nextCluster(now: now)
    if let cluster { estimator.begin(cluster, now: now) }
  }

  private mutating func nextCluster(now: MediaTime) -> ProbeCluster? {
    if isStalled(now) {
      guard now - lastSign >= Self.signOfLife else { return nil }
      lastSign = now
      return ProbeCluster(number: 0, rate: Self.signRate, now: now)
    }
    let situation = ProbeControl.Situation(
      estimate: estimator.bitrate, goal: goal, isWanted: isShort, isSteady: estimator.isSteady)
    return probes.next(situation, now: now)
  }

  private var goal: Double {
    min(Self.useful * max(wanted ?? 0, offeredRate), BitrateLimits.range.upperBound, receiverBound ?? .infinity)
  }

  /// Packets other than audio may leave now.
  func allows(_ now: MediaTime, underWay: Int) -> Bool {
    if let cluster { return cluster.deadline <= now }
    return pacer.allows && !holdsBack(now) && (window.map { underWay < $0 || isForsaken(now) } ?? true)
  }

  private func holdsBack(_ now: MediaTime) -> Bool { !hasFeedback && trial.holdsBack(now) }

  /// How large a packet without media would be that a probe needs now; `nil` without a probe.
  var paddingSize: Int? { cluster.map { Int($0.rate * Self.paddingTime / 8) } }

  /// When packets that wait may leave.
  func releaseDeadline(underWay: Int) -> MediaTime {
    if let cluster { return cluster.deadline }
    // Feedback opens the window; the pause is for that which gets lost.
    let isHeldBack = holdsBack(pacer.updated) || window.map { underWay >= $0 } ?? false
    return pacer.allows && isHeldBack ? pacer.updated + Self.windowPause : pacer.deadline
  }

  /// When `advance` has something to do though nothing waits.
  var deadline: MediaTime {
    if let cluster { return cluster.deadline }
    let now = pacer.updated
    guard canProbe, firstSent != nil, !isMute(now) else { return .distantFuture }
    if isStalled(now) { return max(looksAt, lastSign + Self.signOfLife) }
    return probes.isUrgent ? .distantPast : max(looksAt, probes.deadline)
  }
}
