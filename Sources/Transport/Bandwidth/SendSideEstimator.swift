import MixCore

/// How much the path to the peer carries, learned from its transport-wide feedback: the least of what the delays and the
/// losses say, raised by probes.
struct SendSideEstimator: Sendable {
  private static let unknownRoundTrip = MediaTime.milliseconds(200)
  /// After a cluster the queue is of our own making.
  private static let settling = MediaTime.milliseconds(250)
  /// A queue that was there for so long does not go by itself.
  private static let longestStanding = MediaTime.milliseconds(500)
  private static let mostDrains = 3
  private var groups = PacketGroups()
  private var trend = DelayTrend()
  private var standing = StandingDelay()
  private var control = RateControl(start: BitrateLimits.start)
  private var losses = LossBound()
  private var acknowledged = RateMeter(window: .milliseconds(500))
  private var measurement = ProbeMeasurement()
  private var unwrapper = FeedbackClock()
  private(set) var roundTrip: MediaTime?
  private(set) var lastFeedback: MediaTime?
  /// Trend judgements are not acted on before this.
  private var settlesAt = MediaTime.distantPast
  /// Since when packets have waited in a queue.
  private var standsSince: MediaTime?
  /// How often the rate was brought down for this queue.
  private var drains = 0

  /// In bits per second, headers down to IP included.
  var bitrate: Double { min(control.bitrate, losses.bitrate ?? .infinity) }
  var loss: Double { losses.loss }
  var isSteady: Bool { trendState == .steady }
  private var trendState: DelayTrend.State { trend.state == .growing && !standing.isThere ? .steady : trend.state }
  /// When the end of the path was met last.
  private(set) var lastLimit: MediaTime?
  /// What may be under way unanswered: as long as an answer takes, with some more for what varies.
  var patience: MediaTime {
    (roundTrip ?? Self.unknownRoundTrip) + deviation * 2 + interval * 3 / 2 + .milliseconds(10)
  }
  private var deviation = MediaTime.milliseconds(20)
  private var interval = MediaTime.milliseconds(100)

  mutating func begin(_ cluster: ProbeCluster, now: MediaTime) {
    measurement.begin(cluster)
    let pause = MediaTime(seconds: ProbeCluster.duration) + (roundTrip ?? Self.unknownRoundTrip) + Self.settling
    settlesAt = max(settlesAt, now + pause)
  }

  /// What one report has taught.
  struct News {
    var acknowledgedPackets = 0
    var acknowledgedBytes = 0
    var lostPackets = 0
    var probe: ProbeMeasurement.Result?
  }

  /// - Parameter isReturn: the path was down and is back; what was lost meanwhile says nothing of its rate.
  mutating func note(
    _ report: TransportFeedbackReport, sent: inout SentPackets, isReturn: Bool, now: MediaTime
  ) -> News {
    var news = News()
    // The time of a report that answers nothing moves no clock.
    var clock = unwrapper
    let shift = clock.shift(for: report.referenceTime)
    if isReturn { forgetDelays() }
    var newest: (arrival: MediaTime, roundTrip: MediaTime)?
    for status in report.prefix(SentPackets.capacity) {
      guard let packet = sent.settle(status.sequence, isReceived: status.arrival != nil) else { continue }
      guard let arrival = status.arrival.map({ $0 + shift }) else {
        news.lostPackets += 1
        if !isReturn { losses.note(sent: packet.time, bytes: Int(packet.size), isLost: true) }
        continue
      }
      news.acknowledgedPackets += 1
      news.acknowledgedBytes += Int(packet.size)
      take(packet, arrival: arrival, counted: packet.fate == .unknown && !isReturn)
      if arrival >= newest?.arrival ?? .distantPast { newest = (arrival, now - packet.time) }
    }
    if let newest { noteRoundTrip(newest.roundTrip) }
    guard news.acknowledgedPackets > 0 else { return news }
    unwrapper = clock
    if let lastFeedback { interval = (interval * 7 + min(now - lastFeedback, .milliseconds(250))) / 8 }
    lastFeedback = now
    news.probe = measurement.takeResult()
    decide(news, arrival: newest?.arrival ?? now, now: now)
    return news
  }

  private mutating func forgetDelays() {
    groups.reset()
    trend.restart()
    standing = StandingDelay()
    standsSince = nil
    losses.skip()
    control.bound(to: bitrate / 2)
  }

  private mutating func take(_ packet: SentPackets.Packet, arrival: MediaTime, counted: Bool) {
    acknowledged.add(Int(packet.size), at: arrival)
    measurement.noteArrival(cluster: packet.cluster, bytes: Int(packet.size), sent: packet.time, arrival: arrival)
    if counted { losses.note(sent: packet.time, bytes: Int(packet.size), isLost: false) }
    standing.note(sent: packet.time, arrival: arrival)
    guard let delta = groups.note(sent: packet.time, arrival: arrival) else { return }
    trend.note(delta)
  }

  private mutating func decide(_ news: News, arrival: MediaTime, now: MediaTime) {
    let throughput = acknowledged.rate(at: arrival)
    let state = now < settlesAt ? (trendState == .growing ? .shrinking : trendState) : state(now: now)
    let isLosing = news.lostPackets > (news.acknowledgedPackets + news.lostPackets) / 10
    control.update(
      state, acknowledged: throughput, isLosing: isLosing, roundTrip: roundTrip ?? Self.unknownRoundTrip, now: now)
    if let probe = news.probe, probe.measured > bitrate { control.set(probe.measured, now: now) }
    if state == .growing || losses.bitrate != nil || news.probe?.isLimit == true { lastLimit = now }
    losses.update(current: control.bitrate, throughput: throughput, probed: news.probe?.measured)
    if let bound = losses.bitrate { control.bound(to: bound) }
  }

  /// A queue that stands, though it grows no more, is waited for, and emptied if it stays. If it stays all the same it is
  /// no queue: the path has become longer.
  private mutating func state(now: MediaTime) -> DelayTrend.State {
    guard standing.isThere else {
      (standsSince, drains) = (nil, 0)
      return trendState
    }
    let since = standsSince ?? now
    standsSince = since
    if trendState == .growing { return .growing }
    guard trendState == .steady, now - since >= Self.longestStanding else { return .shrinking }
    standsSince = now
    drains += 1
    guard drains > Self.mostDrains else { return .growing }
    standing = StandingDelay()
    return .steady
  }

  private mutating func noteRoundTrip(_ sample: MediaTime) {
    let bounded = min(max(sample, .milliseconds(1)), .seconds(3))
    guard let known = roundTrip else {
      roundTrip = bounded
      return
    }
    let error = bounded > known ? bounded - known : known - bounded
    deviation = (deviation * 7 + error) / 8
    roundTrip = (known * 7 + bounded) / 8
  }
}

/// Follows the receiver's clock over the wraps of its 24-bit reference time.
private struct FeedbackClock: Sendable {
  private static let cycle = TransportFeedbackReport.referenceUnit * (1 << 24)

  private var last: MediaTime?
  private var wraps: Int64 = 0

  /// What is to be added to the times of a report.
  mutating func shift(for reference: MediaTime) -> MediaTime {
    if let last {
      let step = reference - last
      if step > Self.cycle / 2 { wraps &-= 1 }
      if step < -(Self.cycle / 2) { wraps &+= 1 }
    }
    last = reference
    return Self.cycle * wraps
  }
}
