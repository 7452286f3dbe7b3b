import MixCore

/// Everything received on one m-section: from RTP packets to frames in decode order, or audio packets as they come.
struct ReceiveStream: Sendable {
  private static let unknownRoundTrip = MediaTime.milliseconds(100)
  /// A missing packet is waited for four round trips, within these bounds: the lower one lets reordering heal.
  private static let patience = MediaTime.milliseconds(80)...MediaTime.milliseconds(400)

  let media: NegotiatedMedia
  let index: Int
  private(set) var remoteSSRC: UInt32?
  private var tracker = SequenceTracker()
  private var report: ReceptionReport
  private var nacks = NackGenerator()
  private var keyFrames = KeyFrameRequester()
  private var fullIntraSequence: UInt8 = 0
  private var assembler: FrameAssembler?
  private var timestamps = TimestampUnwrapper()
  private var counters = MediaStatistics()
  private var measuredRoundTrip: MediaTime?
  /// Of the whole session, from reports; better than what one stream measures.
  var sessionRoundTrip: MediaTime?

  init(media: NegotiatedMedia, index: Int) {
    self.media = media
    self.index = index
    report = ReceptionReport(clockRate: media.clockRate)
    assembler = media.videoCodec.map(FrameAssembler.init(codec:))
  }

  var roundTrip: MediaTime { sessionRoundTrip ?? measuredRoundTrip ?? Self.unknownRoundTrip }

  var statistics: MediaStatistics {
    var statistics = counters
    statistics.packetsLost = report.lost(in: tracker)
    statistics.jitter = report.jitter
    statistics.framesDropped &+= assembler?.framesDropped ?? 0
    return statistics
  }

  // MARK: Packets

  /// Takes one packet of this section, media or retransmission. False if it was of no use.
  mutating func receive(
    header: RTPHeader, payload: UnsafeRawBufferPointer, arrival: MediaTime, clock: inout CaptureClock,
    outputs: inout [MediaOutput], forwards: inout ForwardQueue
  ) -> Bool {
    var header = header
    var content = unsafe payload
    let isRepair = header.payloadType == media.rtxPayloadType
    if isRepair {
      // RFC 4588 §4: the original sequence number, then the original payload. Without one it only probes the path.
      guard payload.count > 2, let source = remoteSSRC else { return true }
      header.sequence = unsafe UInt16(payload[0]) << 8 | UInt16(payload[1])
      header.ssrc = source
      header.payloadType = media.payloadType
      unsafe content = UnsafeRawBufferPointer(rebasing: payload.dropFirst(2))
    }
    guard header.payloadType == media.payloadType else {
      counters.packetsDiscarded &+= 1
      return false
    }
    guard let sequence = accept(header, isRepair: isRepair, now: arrival) else { return false }
    counters.packetsReceived &+= 1
    counters.bytesReceived &+= UInt64(content.count)
    let captureTime = learn(header, isRepair: isRepair, arrival: arrival, clock: &clock)
    unsafe forward(header, payload: content, arrival: arrival, captureTime: captureTime, to: &forwards)
    if assembler == nil {
      unsafe deliverAudio(
        header, sequence: sequence, payload: content, arrival: arrival, captureTime: captureTime, to: &outputs)
    } else {
      unsafe storeVideo(header, sequence: sequence, payload: content, arrival: arrival)
      deliverFrames(now: arrival, clock: clock, to: &outputs)
    }
    return true
  }

  /// The extended sequence number of a packet not seen before; keeps the books of source, gaps and repairs.
  private mutating func accept(_ header: RTPHeader, isRepair: Bool, now: MediaTime) -> Int64? {
    if let remoteSSRC, header.ssrc != remoteSSRC {
      startSource(header.ssrc, at: tracker.changeSource(firstSequence: header.sequence))
      report.restart()
      return tracker.newest
    }
    let newest = tracker.newest
    switch tracker.note(header.sequence) {
    case .accepted(let sequence, let isNewest):
      if isNewest, let newest { noteGap(from: newest &+ 1, through: sequence &- 1, now: now) }
      // Without RTX nobody can tell an answer to a NACK from a packet that was merely late.
      let sample = isNewest ? nil : nacks.noteArrival(sequence, now: now)
      if isRepair, let sample { noteRoundTrip(sample) }
      if isRepair { counters.packetsRecovered &+= 1 }
      return sequence
    case .restarted(let sequence):
      if newest != nil { report.restart() }
      startSource(header.ssrc, at: sequence)
      return sequence
    case .duplicate:
      counters.packetsDuplicated &+= 1
      return nil
    case .rejected:
      counters.packetsDiscarded &+= 1
      return nil
    }
  }

  private mutating func startSource(_ ssrc: UInt32, at sequence: Int64) {
    remoteSSRC = ssrc
    nacks.removeAll()
    assembler?.restart(at: sequence)
  }

  private mutating func noteGap(from first: Int64, through last: Int64, now: MediaTime) {
    guard media.feedback.contains(.nack) else { return }
    if !nacks.noteGap(from: first, through: last, now: now), assembler != nil { keyFrames.want(now: now) }
  }

  private mutating func noteRoundTrip(_ sample: MediaTime) {
    let bounded = min(max(sample, .milliseconds(1)), .seconds(2))
    measuredRoundTrip = measuredRoundTrip.map { ($0 * 7 + bounded) / 8 } ?? bounded
  }

  private mutating func learn(
    _ header: RTPHeader, isRepair: Bool, arrival: MediaTime, clock: inout CaptureClock
  ) -> MediaTime {
    report.note(timestamp: header.timestamp, arrival: arrival, inOrder: !isRepair)
    guard !isRepair else { return clock.captureTime(track: index, timestamp: header.timestamp, arrival: arrival) }
    if let captured = header.extensions.absoluteCaptureTime {
      clock.map(track: index, timestamp: header.timestamp, to: captured, isCaptureTime: true)
    }
    return clock.note(track: index, timestamp: header.timestamp, arrival: arrival)
  }

  private func forward(
    _ header: RTPHeader, payload: UnsafeRawBufferPointer, arrival: MediaTime, captureTime: MediaTime,
    to forwards: inout ForwardQueue
  ) {
    guard forwards.isEnabled else { return }
    let summary = media.videoCodec.flatMap { unsafe PayloadSummary(payload, codec: $0) }
    let packet = ForwardQueue.Packet(
      media: index, ssrc: header.ssrc, sequence: header.sequence, timestamp: header.timestamp, marker: header.marker,
      payloadOffset: 0, payloadLength: 0, arrival: arrival, captureTime: captureTime,
      audioLevel: header.extensions.audioLevel,
      isKeyFrameStart: summary.map { $0.isKeyFrame } ?? false)
    unsafe forwards.append(packet, payload: payload)
  }

  private mutating func deliverAudio(
    _ header: RTPHeader, sequence: Int64, payload: UnsafeRawBufferPointer, arrival: MediaTime,
    captureTime: MediaTime, to outputs: inout [MediaOutput]
  ) {
    guard unsafe !payload.isEmpty else { return }
    counters.framesReceived &+= 1
    let packet = unsafe ReceivedAudioPacket(
      payload: Array(payload), sequence: sequence, timestamp: timestamps.unwrap(header.timestamp), arrival: arrival,
      captureTime: captureTime, audioLevel: header.extensions.audioLevel)
    outputs.append(.audioPacket(media: index, packet))
  }

  private mutating func storeVideo(
    _ header: RTPHeader, sequence: Int64, payload: UnsafeRawBufferPointer, arrival: MediaTime
  ) {
    let insertion = unsafe assembler?.insert(sequence: sequence, header: header, payload: payload, arrival: arrival)
    if insertion == .refused { counters.packetsDiscarded &+= 1 }
  }

  private mutating func deliverFrames(now: MediaTime, clock: CaptureClock, to outputs: inout [MediaOutput]) {
    while var frame = assembler?.nextFrame(now: now) {
      frame.captureTime = clock.captureTime(track: index, timestamp: frame.rtpTimestamp, arrival: frame.firstPacket)
      counters.framesReceived &+= 1
      if frame.isKeyFrame {
        counters.keyFramesReceived &+= 1
        keyFrames.satisfy()
      }
      outputs.append(.videoFrame(media: index, frame))
    }
    nacks.forget(before: assembler?.next ?? .min)
    guard assembler?.needsKeyFrame == true else { return }
    if assembler?.isReceivingKeyFrame == true { keyFrames.satisfy() } else { keyFrames.want(now: now) }
  }

  // MARK: Time

  private var giveUpTime: MediaTime {
    guard let since = assembler?.blockedSince else { return .distantFuture }
    return since + min(max(roundTrip * 4, Self.patience.lowerBound), Self.patience.upperBound)
  }

  /// When `advance` or `writeFeedback` has something to do.
  var nextDeadline: MediaTime {
    guard remoteSSRC != nil else { return .distantFuture }
    let keyFrameDue = asksForKeyFrames ? keyFrames.nextDeadline : .distantFuture
    return min(giveUpTime, min(nacks.nextDeadline, keyFrameDue))
  }

  private var asksForKeyFrames: Bool {
    media.kind == .video && !media.feedback.isDisjoint(with: [.pictureLoss, .fullIntra])
  }

  /// Gives up on packets that did not come in time.
  mutating func advance(to now: MediaTime, clock: CaptureClock, outputs: inout [MediaOutput]) {
    var rounds = 0
    while giveUpTime <= now, rounds < 64 {
      assembler?.giveUp()
      deliverFrames(now: now, clock: clock, to: &outputs)
      rounds &+= 1
    }
  }

  mutating func requestKeyFrame(now: MediaTime) { if assembler != nil { keyFrames.want(now: now) } }

  // MARK: Feedback

  var feedbackDeadline: MediaTime {
    min(nacks.nextDeadline, asksForKeyFrames ? keyFrames.nextDeadline : .distantFuture)
  }

  /// Writes the NACK and the key frame request that are due.
  mutating func writeFeedback(into writer: inout RTCPWriter, sender: UInt32, now: MediaTime) {
    guard let source = remoteSSRC else { return }
    let lost = nacks.takeDue(now: now, roundTrip: roundTrip)
    if !lost.isEmpty, writer.nack(lost, sender: sender, media: source) {
      counters.nacksSent &+= UInt64(lost.count)
    }
    guard asksForKeyFrames, keyFrames.takeDue(now: now) else { return }
    let written: Bool
    if media.feedback.contains(.pictureLoss) {
      written = writer.pictureLoss(sender: sender, media: source)
    } else {
      fullIntraSequence &+= 1
      written = writer.fullIntra(sender: sender, media: source, commandSequence: fullIntraSequence)
    }
    if written { counters.keyFramesRequested &+= 1 }
  }

  mutating func noteSenderReport(_ senderReport: SenderReport, now: MediaTime, clock: inout CaptureClock) {
    report.noteSenderReport(senderReport.ntp, arrival: now)
    clock.map(track: index, timestamp: senderReport.timestamp, to: senderReport.ntp, isCaptureTime: false)
  }

  mutating func makeReportBlock(now: MediaTime) -> ReportBlock? {
    guard let source = remoteSSRC else { return nil }
    return report.makeBlock(ssrc: source, tracker: tracker, now: now)
  }
}
