import MixCore

/// All media of one session between SRTP and its user: decrypted packets in, frames and audio packets out; frames in,
/// packets to be protected out; all RTCP.
struct MediaPlane: Sendable {
  let media: [NegotiatedMedia]
  /// Released media and requests of the peer, in order; the session drains it after every input.
  var outputs: [MediaOutput] = []
  var forwards = ForwardQueue()

  let cname: String
  let ntpOffset: MediaTime
  let extensions: HeaderExtensionMap
  /// Signs feedback.
  let senderSSRC: UInt32
  var sources: SourceTable
  var clock: CaptureClock
  var receivers: [ReceiveStream]
  /// By section.
  var selections: [LayerSelection]
  var senders: [SendStream]
  /// The pictures sent here are made for others too, who pay for each key frame the peer asks for.
  var limitsRequests = false
  /// Redundant sound goes out only to those who need it.
  var sparesRedundancy = false
  var soundProtection = SoundProtection()
  var transportSender = TransportSender()
  var transportReceiver = TransportReceiver()
  var schedule: ReportSchedule
  var blocks: [ReportBlock] = []
  var roundTripTime: MediaTime?
  var probe = RoundTripProbe()

  /// Local time plus `ntpOffset` is time since 1900.
  init(
    media: [NegotiatedMedia], cname: String, ntpOffset: MediaTime, random: inout some RandomNumberGenerator
  ) {
    self.media = media
    self.cname = cname
    self.ntpOffset = ntpOffset
    var merged = HeaderExtensionMap()
    receivers = []
    senders = []
    for (index, section) in media.enumerated() where !section.rejected {
      // Numbers mean the same in all sections of a bundle (RFC 8843 §10).
      for kind in HeaderExtension.allCases where merged[kind] == 0 && merged.kind(of: section.extensions[kind]) == nil {
        merged[kind] = section.extensions[kind]
      }
      for layer in 0..<max(section.layers.count, 1) {
        if section.direction == .receive {
          receivers.append(ReceiveStream(media: section, index: index, layer: layer, track: receivers.count))
        } else {
          senders.append(
            SendStream(media: section, index: index, layer: layer, ntpOffset: ntpOffset, random: &random))
        }
      }
    }
    selections = media.map { _ in LayerSelection(target: 0) }
    extensions = merged
    senderSSRC =
      senders.first?.ssrc ?? media.lazy.compactMap(\.localSSRC).first ?? UInt32.random(in: 1 ... .max, using: &random)
    sources = SourceTable(media: media)
    clock = CaptureClock(clockRates: receivers.map(\.media.clockRate))
    schedule = ReportSchedule(seed: random.next())
  }

  // MARK: Receiving

  /// Takes one decrypted RTP packet. False if it was dropped.
  mutating func receiveRTP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> Bool {
    guard let header = unsafe RTPHeader(parsing: packet, extensions: extensions),
      let route = sources.route(of: header, now: now), let index = receiver(of: route.media, layer: route.layer)
    else { return false }
    schedule.start(now: now)
    // A retransmission bears the timestamp of what it repeats.
    let isVideo =
      receivers[index].media.kind == .video && header.payloadType != receivers[index].media.rtxPayloadType
    transportReceiver.note(
      header, isVideo: isVideo, bytes: packet.count, roundTrip: roundTripTime, arrival: now)
    let before = outputs.count
    let isTaken = unsafe receivers[index].receive(
      header: header, payload: header.payload(of: packet), arrival: now, clock: &clock, outputs: &outputs,
      forwards: &forwards)
    if outputs.count > before { noteDelivery(of: index, now: now) }
    return isTaken
  }

  /// Takes one decrypted RTCP compound. False if there was nothing in it for this session.
  mutating func receiveRTCP(_ compound: UnsafeRawBufferPointer, now: MediaTime) -> Bool {
    var wasOfUse = false
    for packet in unsafe RTCPCompound(compound) where receive(packet, now: now) { wasOfUse = true }
    return wasOfUse
  }

  private mutating func receive(_ packet: RTCPPacket, now: MediaTime) -> Bool {
    switch packet {
    case .senderReport(let report, let blocks):
      receive(blocks, now: now)
      guard let index = receivers.firstIndex(where: { $0.remoteSSRC == report.ssrc }) else { return false }
      // Of two media under one SSRC nobody can tell whose clock this is.
      guard receivers.lastIndex(where: { $0.remoteSSRC == report.ssrc }) == index else { return true }
      receivers[index].noteSenderReport(report, now: now, clock: &clock)
      return true
    case .receiverReport(_, let blocks):
      receive(blocks, now: now)
      return true
    case .nack(let ssrc, let list):
      guard let index = senders.firstIndex(where: { $0.ssrc == ssrc }) else { return false }
      for sequence in list {
        guard let sent = senders[index].noteNack(sequence) else { continue }
        if transportSender.bandwidth.noteMissing(sent: sent, now: now) { dropBelated(now: now) }
      }
      return true
    case .pictureLoss(let ssrc):
      guard let index = senders.firstIndex(where: { $0.ssrc == ssrc }) else { return false }
      senders[index].noteKeyFrameRequest()
      _ = passKeyFrameRequest(for: index, now: now)
      return true
    case .fullIntra(let list): return receive(list, now: now)
    case .receiverEstimate(let estimate):
      transportSender.bandwidth.noteReceiverBound(estimate.bitrate, now: now)
      dropBelated(now: now)
    case .transportFeedback(let report):
      transportSender.noteFeedback(report, now: now)
      soundProtection.note(loss: transportSender.bandwidth.loss, now: now)
      dropBelated(now: now)
    case .goodbye(let list): return receive(list)
    case .extendedReport(let report): return receive(report, now: now)
    case .sourceDescription: break
    case .other: return false
    }
    return true
  }

  private mutating func receive(_ blocks: ReportBlocks, now: MediaTime) {
    for block in blocks {
      guard let index = senders.firstIndex(where: { $0.ssrc == block.ssrc }) else { continue }
      if senders[index].noteReport(block, now: now) { transportSender.bandwidth.noteReception(now: now) }
      let loss = Double(block.fractionLost) / 256
      soundProtection.note(loss: loss, now: now)
      if senders[index].media.kind == .video, transportSender.bandwidth.noteReportedLoss(loss, now: now) {
        dropBelated(now: now)
      }
      passRoundTrip(senders[index].statistics.roundTripTime)
    }
  }

  private mutating func receive(_ list: FullIntraList, now: MediaTime) -> Bool {
    var wasOfUse = false
    for entry in list {
      guard let index = senders.firstIndex(where: { $0.ssrc == entry.ssrc }) else { continue }
      wasOfUse = true
      guard senders[index].noteFullIntra(entry.commandSequence) else { continue }
      senders[index].isFullIntraRefused = !passKeyFrameRequest(for: index, now: now)
    }
    return wasOfUse
  }

  /// A goodbye ends nothing here: whoever sends none for a while is dimmed, and his session ends with its consent.
  private func receive(_ list: SourceList) -> Bool {
    list.contains { source in receivers.contains { $0.remoteSSRC == source } }
  }

  // MARK: Time

  var nextDeadline: MediaTime {
    var deadline = min(schedule.nextDeadline, transportReceiver.nextDeadline, sendingDeadline)
    // By index: a copy of a stream holds on to everything in it.
    for index in receivers.indices { deadline = min(deadline, receivers[index].nextDeadline) }
    return deadline
  }

  mutating func advance(to now: MediaTime) {
    for index in receivers.indices {
      let before = outputs.count
      receivers[index].advance(to: now, clock: clock, outputs: &outputs)
      if outputs.count > before { noteDelivery(of: index, now: now) }
    }
  }
}
