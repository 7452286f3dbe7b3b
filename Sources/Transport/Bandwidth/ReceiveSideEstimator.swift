import MixCore

/// How much the path from the peer carries, seen from the receiving end, for senders that want to be told (REMB): the
/// same judgement of delays, on the times packets say they were sent at.
struct ReceiveSideEstimator: Sendable {
  private static let pause = MediaTime.seconds(1)
  private static let updatePause = MediaTime.milliseconds(50)
  /// A fall is told at once.
  private static let notable = 0.97
  /// Before the end of the path was met: so much more than what comes.
  private static let headroom = 1.5

  private var groups = PacketGroups()
  private var trend = DelayTrend()
  private var standing = StandingDelay()
  private var control = RateControl(start: BitrateLimits.start)
  private var incoming = RateMeter(window: .milliseconds(500))
  private var sendTimes = SendTimes()
  private var hasMetLimit = false
  private var lastUpdate = MediaTime.distantPast
  private var told: Double?
  /// When the peer is to be told.
  private(set) var deadline = MediaTime.distantFuture

  var bitrate: UInt64 { UInt64(control.bitrate) }

  mutating func note(_ header: RTPHeader, isVideo: Bool, bytes: Int, roundTrip: MediaTime, arrival: MediaTime) {
    incoming.add(bytes + TransportSender.overhead, at: arrival)
    if deadline == .distantFuture { deadline = arrival + Self.pause }
    if let sent = sentTime(of: header, isVideo: isVideo, arrival: arrival) {
      standing.note(sent: sent, arrival: arrival)
      if let delta = groups.note(sent: sent, arrival: arrival) { trend.note(delta) }
    }
    guard arrival - lastUpdate >= Self.updatePause else { return }
    lastUpdate = arrival
    update(roundTrip: roundTrip, now: arrival)
  }

  /// Where another time line begins, or the same one anew, delays before and after cannot be compared.
  private mutating func sentTime(of header: RTPHeader, isVideo: Bool, arrival: MediaTime) -> MediaTime? {
    let line = sendTimes.line
    guard let sent = sendTimes.time(of: header, isVideo: isVideo, arrival: arrival) else { return nil }
    if sendTimes.line != line || groups.isSetBack(to: sent) {
      groups.reset()
      trend.restart()
      standing = StandingDelay()
    }
    return sent
  }

  private mutating func update(roundTrip: MediaTime, now: MediaTime) {
    guard let rate = incoming.rate(at: now) else { return }
    let state = trend.state == .growing && !standing.isThere ? .steady : trend.state
    if state == .growing { hasMetLimit = true }
    control.update(state, acknowledged: rate, roundTrip: roundTrip, now: now)
    if !hasMetLimit, rate * Self.headroom > control.bitrate { control.set(rate * Self.headroom, now: now) }
    if let told, control.bitrate < told * Self.notable { deadline = now }
  }

  /// The peer is told now.
  mutating func noteTold(now: MediaTime) {
    told = control.bitrate
    deadline = now + Self.pause
  }
}

/// When packets were sent, on a time line of their own: by abs-send-time, else by the timestamps of one video stream.
private struct SendTimes: Sendable {
  private static let videoRate: Int64 = 90_000
  /// Units of abs-send-time per second: 24 bits of 6.18 fixed point.
  private static let sendTimeRate: Int64 = 1 << 18
  /// A stream that was silent for so long gives way to another one.
  private static let silence = MediaTime.seconds(1)

  /// Counts the time lines: times on different ones have nothing to do with each other.
  private(set) var line = 0
  private var last: UInt32?
  private var total: Int64 = 0
  private var source: UInt32?
  private var lastHeard = MediaTime.distantPast
  private var timestamps = TimestampUnwrapper()

  mutating func time(of header: RTPHeader, isVideo: Bool, arrival: MediaTime) -> MediaTime? {
    if let stamp = header.extensions.absoluteSendTime { return time(ofStamp: stamp) }
    guard isVideo, last == nil, follows(header.ssrc, arrival: arrival) else { return nil }
    return MediaTime(count: timestamps.unwrap(header.timestamp), rate: Self.videoRate)
  }

  private mutating func time(ofStamp stamp: UInt32) -> MediaTime {
    if last == nil, source != nil { line &+= 1 }
    // The difference of 24 bits with its sign.
    let step = last.map { Int32(bitPattern: (stamp &- $0) << 8) >> 8 } ?? 0
    last = stamp
    total &+= Int64(step)
    return MediaTime(count: total, rate: Self.sendTimeRate)
  }

  /// True if times are read from this stream, false if from another one.
  private mutating func follows(_ ssrc: UInt32, arrival: MediaTime) -> Bool {
    if let source, ssrc != source {
      guard arrival - lastHeard >= Self.silence else { return false }
      line &+= 1
      timestamps = TimestampUnwrapper()
    }
    source = ssrc
    lastHeard = arrival
    return true
  }
}
