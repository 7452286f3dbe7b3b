import MixCore

/// One source of an m-section, a simulcast layer or all there is: from RTP packets to frames in decode order, or to audio
/// packets as they come. What nobody wants of it is counted and not kept.
struct ReceiveStream: Sendable {
  static let unknownRoundTrip = MediaTime.milliseconds(100)
  /// A source that was replaced comes back only when its successor is silent for so long.
  private static let returnPause = MediaTime.seconds(2)
  /// Packets before the first one that arrived are asked for where it is not the first of its frame.
  private static let lookBack: Int64 = 4
  /// Until a key frame is asked for instead.
  private static let lookBackGrace = MediaTime.milliseconds(90)
  /// Behind such a silence the sender is asked for key frames as at first, and soon.
  private static let longSilence = MediaTime.seconds(1)

  let media: NegotiatedMedia
  let index: Int
  let layer: Int
  /// Of the capture clock.
  let track: Int
  private(set) var remoteSSRC: UInt32?
  private var replacedSources: [UInt32] = []
  private var repairs: RepairSources
  private var lastArrival = MediaTime.distantPast
  var tracker = SequenceTracker()
  var report: ReceptionReport
  var nacks = NackGenerator()
  private var tail = FrameTail()
  var keyFrames = KeyFrameRequester()
  var fullIntraSequence: UInt8 = 0
  var assembler: FrameAssembler?
  /// Of video that is forwarded, or was.
  var finder: KeyFrameFinder?
  var timestamps = TimestampUnwrapper()
  var counters = MediaStatistics()
  var activity = LayerActivity()
  var redundancy = RedundancyWindow()
  private var measuredRoundTrip: MediaTime?
  /// Of the whole session, from reports; better than what one stream measures.
  var sessionRoundTrip: MediaTime?
  /// Frames are put together and delivered.
  private(set) var isSelected: Bool
  var isForwarded: Bool
  /// Somebody takes the packets, so that missing ones are asked for.
  private(set) var isWanted = true
  /// What is missing up to this packet is not asked for.
  private var unrepaired = Int64.min

  init(media: NegotiatedMedia, index: Int, layer: Int = 0, track: Int? = nil) {
    self.media = media
    self.index = index
    self.layer = layer
    self.track = track ?? index
    repairs = RepairSources(media: media)
    report = ReceptionReport(clockRate: media.clockRate)
    assembler = media.videoCodec.map(FrameAssembler.init(codec:))
    isSelected = layer == 0
    isForwarded = layer == 0
  }

  /// What holds up frames now is not asked for.
  var isBeyondRepair: Bool { (assembler?.frontier ?? .max) <= unrepaired }

  var roundTrip: MediaTime { sessionRoundTrip ?? measuredRoundTrip ?? Self.unknownRoundTrip }

  var statistics: MediaStatistics {
    var statistics = counters
    statistics.packetsLost = report.lost(in: tracker)
    statistics.jitter = report.jitter
    statistics.framesDropped &+= assembler?.framesDropped ?? 0
    return statistics
  }

  /// Begins to put frames together, with the next key frame, or ends it.
  mutating func select(_ isSelected: Bool, now: MediaTime) {
    guard isSelected != self.isSelected else { return }
    self.isSelected = isSelected
    keyFrames.satisfy()
    guard isSelected else { return }
    assembler?.restart(at: tracker.newest.map { $0 &+ 1 } ?? 0)
    keyFrames.want(now: now)
  }

  // MARK: Packets

  /// Takes one packet of this source, media or retransmission. False if it was of no use.
  mutating func receive(
    header: RTPHeader, payload: UnsafeRawBufferPointer, arrival: MediaTime, clock: inout CaptureClock,
    outputs: inout [MediaOutput], forwards: inout ForwardQueue
  ) -> Bool {
    var header = header
    var content = unsafe payload
    let isRepair = header.payloadType == media.rtxPayloadType
    if isRepair {
      // RFC 4588 §4: the original sequence number, then the original payload. Without one it only probes the path.
      guard let source = remoteSSRC else { return true }
      let isOurs = repairs.serves(header.ssrc, source: source, now: arrival)
      if !isOurs { counters.packetsDiscarded &+= 1 }
      guard isOurs, payload.count > 2 else { return true }
      header.sequence = unsafe UInt16(payload[0]) << 8 | UInt16(payload[1])
      header.ssrc = source
      header.payloadType = media.payloadType
      unsafe content = UnsafeRawBufferPointer(rebasing: payload.dropFirst(2))
    }
    guard header.payloadType == media.payloadType || header.payloadType == media.redPayloadType else {
      counters.packetsDiscarded &+= 1
      return false
    }
    isWanted = isSelected || isForwarded && forwards.isEnabled
    let summary = media.videoCodec.flatMap { unsafe PayloadSummary(content, codec: $0) }
    guard let sequence = accept(header, summary: summary, isRepair: isRepair, now: arrival, clock: &clock) else {
      // A repair of what nobody misses probes the path, too.
      return isRepair
    }
    counters.packetsReceived &+= 1
    counters.bytesReceived &+= UInt64(content.count)
    let captured = learn(
      header, isRepair: isRepair, isEmpty: content.count == 0, arrival: arrival, clock: &clock)
    let packet = AcceptedPacket(
      header: header, sequence: sequence, arrival: arrival, captureTime: captured, summary: summary)
    unsafe activity.note(packet, payload: content, codec: media.videoCodec)
    guard media.kind == .video else {
      return unsafe deliverAudio(packet, payload: content, to: &outputs, forwards: &forwards)
    }
    unsafe deliverVideo(packet, payload: content, clock: clock, to: &outputs, forwards: &forwards)
    return true
  }

  /// The extended sequence number of a packet not seen before; keeps the books of source, gaps and repairs.
  private mutating func accept(
    _ header: RTPHeader, summary: PayloadSummary?, isRepair: Bool, now: MediaTime, clock: inout CaptureClock
  ) -> Int64? {
    let silence = now - lastArrival
    if let remoteSSRC, header.ssrc != remoteSSRC {
      guard replace(remoteSSRC, by: header.ssrc, now: now) else { return nil }
      startSource(header.ssrc, at: tracker.changeSource(firstSequence: header.sequence), summary: summary, now: now)
      noteSender(after: silence, now: now)
      clock.restart(track: track)
      report.restart()
      return tracker.newest
    }
    let newest = tracker.newest
    switch tracker.note(header.sequence) {
    case .accepted(let sequence, let isNewest):
      noteSender(after: silence, now: now)
      if isNewest, let newest { noteGap(from: newest &+ 1, through: sequence &- 1, after: silence, now: now) }
      if isNewest {
        expectRest(behind: sequence, of: header, isEmpty: summary == nil, isRepair: isRepair, now: now)
      }
      if sequence == tracker.first { _ = lookBack(before: sequence, summary: summary, now: now) }
      // Without RTX nobody can tell an answer to a NACK from a packet that was merely late.
      let sample = nacks.noteArrival(sequence, now: now)
      if isRepair, let sample { noteRoundTrip(sample) }
      if isRepair { counters.packetsRecovered &+= 1 }
      return sequence
    case .restarted(let sequence):
      if newest != nil { report.restart() }
      startSource(header.ssrc, at: sequence, summary: summary, now: now)
      noteSender(after: silence, now: now)
      return sequence
    case .duplicate:
      noteSender(after: silence, now: now)
      counters.packetsDuplicated &+= 1
      return nil
    case .rejected:
      counters.packetsDiscarded &+= 1
      return nil
    }
  }

  /// A packet shows that the sender is there. One that is rejected does not: it may be of another stream, or a forerunner of
  /// numbers that begin anew.
  private mutating func noteSender(after silence: MediaTime, now: MediaTime) {
    lastArrival = now
    if silence > Self.longSilence { keyFrames.noteReturnFromSilence(now: now, roundTrip: roundTrip) }
  }

  /// False if the source is one that was replaced a moment ago: two that send at the same time must not take turns.
  private mutating func replace(_ old: UInt32, by new: UInt32, now: MediaTime) -> Bool {
    repairs.noteOtherSource(now: now)
    if let place = replacedSources.firstIndex(of: new) {
      guard now - lastArrival >= Self.returnPause else {
        counters.packetsDiscarded &+= 1
        return false
      }
      replacedSources.remove(at: place)
    }
    if replacedSources.count == SourceTable.maximumSources { replacedSources.removeFirst() }
    replacedSources.append(old)
    return true
  }

  private mutating func startSource(_ ssrc: UInt32, at sequence: Int64, summary: PayloadSummary?, now: MediaTime) {
    remoteSSRC = ssrc
    nacks.removeAll()
    assembler?.restart(at: sequence)
    finder?.restart()
    keyFrames.noteReturn()
    guard lookBack(before: sequence, summary: summary, now: now), isSelected else { return }
    keyFrames.satisfy()
    keyFrames.want(now: now, grace: Self.lookBackGrace)
  }

  /// The first packet of all is not the first of its frame: asks for those before it.
  private mutating func lookBack(before sequence: Int64, summary: PayloadSummary?, now: MediaTime) -> Bool {
    guard let summary, !summary.startsFrame, media.feedback.contains(.nack), isWanted else { return false }
    nacks.noteEarlier(from: sequence &- Self.lookBack, through: sequence &- 1, now: now)
    return true
  }

  /// What was lost in an outage is over: repaired it would come in one heap and make everything after it late.
  private static let outagePackets: Int64 = 10
  private static let outageSilence = MediaTime.milliseconds(400)

  private mutating func noteGap(from first: Int64, through last: Int64, after silence: MediaTime, now: MediaTime) {
    guard first <= last, media.feedback.contains(.nack), isWanted else { return }
    let isLong = last &- first >= Self.outagePackets
    guard media.kind == .video else {
      guard isAudioRepairWorthwhile, !isLong else { return }
      _ = nacks.noteGap(from: first, through: last, now: now, grace: audioGrace)
      return
    }
    let isOutage = isLong && silence >= Self.outageSilence
    if isOutage { nacks.removeAll() }
    guard isOutage || !nacks.noteGap(from: first, through: last, now: now) else { return }
    unrepaired = last
    if !isSelected { keyFrames.want(now: now) }
  }

  /// A frame whose last packet was lost is repaired before the next frame shows that.
  private mutating func expectRest(
    behind sequence: Int64, of header: RTPHeader, isEmpty: Bool, isRepair: Bool, now: MediaTime
  ) {
    guard media.kind == .video, media.feedback.contains(.nack), isWanted else { return }
    // Padding belongs to no frame.
    guard !isEmpty else { return nacks.expect(nil, due: .distantFuture) }
    let due = tail.note(
      sequence: sequence, timestamp: header.timestamp, marker: header.marker, isRepair: isRepair, arrival: now)
    nacks.expect(due.map { _ in sequence &+ 1 }, due: due ?? .distantFuture)
  }

  private mutating func noteRoundTrip(_ sample: MediaTime) {
    let bounded = min(max(sample, .milliseconds(1)), .seconds(2))
    measuredRoundTrip = measuredRoundTrip.map { ($0 * 7 + bounded) / 8 } ?? bounded
  }

  private mutating func learn(
    _ header: RTPHeader, isRepair: Bool, isEmpty: Bool, arrival: MediaTime, clock: inout CaptureClock
  ) -> MediaTime {
    // The timestamp of padding says nothing of when it was sent.
    let isPadding = isEmpty && media.kind == .video
    report.note(timestamp: header.timestamp, arrival: arrival, inOrder: !isRepair && !isPadding)
    guard !isRepair, !isPadding else {
      return clock.captureTime(track: track, timestamp: header.timestamp, arrival: arrival)
    }
    if let captured = header.extensions.absoluteCaptureTime {
      clock.map(track: track, timestamp: header.timestamp, to: captured, isCaptureTime: true, now: arrival)
    }
    return clock.note(track: track, timestamp: header.timestamp, arrival: arrival)
  }
}

/// A packet of a `ReceiveStream` that was not seen before, with what was found out about it.
struct AcceptedPacket {
  var header: RTPHeader
  var sequence: Int64
  var arrival: MediaTime
  var captureTime: MediaTime
  /// Of video.
  var summary: PayloadSummary?
}
