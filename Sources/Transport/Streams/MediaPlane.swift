import MixCore

/// All media of one session between SRTP and its user: decrypted packets in, frames and audio packets out; frames in,
/// packets to be protected out; all RTCP.
struct MediaPlane: Sendable {
  let media: [NegotiatedMedia]
  /// Released media and requests of the peer, in order; the session drains it after every input.
  var outputs: [MediaOutput] = []
  var forwards = ForwardQueue()

  private let cname: String
  private let ntpOffset: MediaTime
  private let extensions: HeaderExtensionMap
  /// Signs feedback.
  private let senderSSRC: UInt32
  private var sources: SourceTable
  private var clock: CaptureClock
  private var receivers: [ReceiveStream]
  private var senders: [SendStream]
  private(set) var transportSender = TransportSender()
  private var transportReceiver = TransportReceiver()
  private var schedule: ReportSchedule
  private var blocks: [ReportBlock] = []
  private(set) var roundTripTime: MediaTime?
  /// The peer said BYE for all that it sends.
  private(set) var isRemoteGone = false

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
      if section.direction == .receive {
        receivers.append(ReceiveStream(media: section, index: index))
      } else {
        senders.append(SendStream(media: section, index: index, ntpOffset: ntpOffset, random: &random))
      }
    }
    extensions = merged
    senderSSRC =
      senders.first?.ssrc ?? media.lazy.compactMap(\.localSSRC).first ?? UInt32.random(in: 1 ... .max, using: &random)
    sources = SourceTable(media: media)
    clock = CaptureClock(clockRates: media.map(\.clockRate))
    schedule = ReportSchedule(seed: random.next())
  }

  private func receiver(of media: Int) -> Int? { receivers.firstIndex { $0.index == media } }
  private func sender(of media: Int) -> Int? { senders.firstIndex { $0.index == media } }

  // MARK: Receiving

  /// Takes one decrypted RTP packet. False if it was dropped.
  mutating func receiveRTP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> Bool {
    guard let header = unsafe RTPHeader(parsing: packet, extensions: extensions),
      let index = sources.media(of: header).flatMap(receiver(of:))
    else { return false }
    schedule.start(now: now)
    if let sequence = header.extensions.transportSequence {
      transportReceiver.note(sequence, ssrc: header.ssrc, arrival: now)
    }
    return unsafe receivers[index].receive(
      header: header, payload: header.payload(of: packet), arrival: now, clock: &clock, outputs: &outputs,
      forwards: &forwards)
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
      receivers[index].noteSenderReport(report, now: now, clock: &clock)
      return true
    case .receiverReport(_, let blocks):
      receive(blocks, now: now)
      return true
    case .nack(let ssrc, let list):
      guard let index = senders.firstIndex(where: { $0.ssrc == ssrc }) else { return false }
      for sequence in list { senders[index].noteNack(sequence) }
      return true
    case .pictureLoss(let ssrc):
      guard let index = senders.firstIndex(where: { $0.ssrc == ssrc }) else { return false }
      senders[index].noteKeyFrameRequest()
      outputs.append(.keyFrameRequested(media: senders[index].index))
      return true
    case .fullIntra(let list): return receive(list)
    case .receiverEstimate(let estimate): transportSender.noteReceiverEstimate(estimate.bitrate)
    case .transportFeedback(let report): transportSender.noteFeedback(report, now: now)
    case .goodbye(let list): return receive(list)
    case .sourceDescription: break
    case .other: return false
    }
    return true
  }

  private mutating func receive(_ blocks: ReportBlocks, now: MediaTime) {
    for block in blocks {
      guard let index = senders.firstIndex(where: { $0.ssrc == block.ssrc }) else { continue }
      senders[index].noteReport(block, now: now)
      roundTripTime = senders[index].statistics.roundTripTime ?? roundTripTime
    }
    for index in receivers.indices { receivers[index].sessionRoundTrip = roundTripTime }
  }

  private mutating func receive(_ list: FullIntraList) -> Bool {
    var wasOfUse = false
    for entry in list {
      guard let index = senders.firstIndex(where: { $0.ssrc == entry.ssrc }) else { continue }
      wasOfUse = true
      guard senders[index].noteFullIntra(entry.commandSequence) else { continue }
      outputs.append(.keyFrameRequested(media: senders[index].index))
    }
    return wasOfUse
  }

  /// Only the peer's own sources can leave.
  private mutating func receive(_ list: SourceList) -> Bool {
    var left = 0
    for source in list where receivers.contains(where: { $0.remoteSSRC == source }) { left &+= 1 }
    if left > 0, left >= receivers.count { isRemoteGone = true }
    return left > 0
  }

  // MARK: Time

  var nextDeadline: MediaTime {
    var deadline = min(schedule.nextDeadline, transportReceiver.nextDeadline)
    for receiver in receivers { deadline = min(deadline, receiver.nextDeadline) }
    return deadline
  }

  mutating func advance(to now: MediaTime) {
    for index in receivers.indices { receivers[index].advance(to: now, clock: clock, outputs: &outputs) }
  }

  mutating func requestKeyFrame(media: Int, now: MediaTime) {
    if let index = receiver(of: media) { receivers[index].requestKeyFrame(now: now) }
  }

  // MARK: Sending

  /// Writes one RTP packet of `frame`; answers its length, 0 if there is none. Any buffer of 1500 bytes is enough.
  mutating func write(
    packet: Int, of frame: borrowing PacketizedFrame, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      packet: packet, of: frame, now: now, transport: &transportSender, into: buffer)
  }

  /// Writes one RTP packet that came from another session; answers its length.
  mutating func write(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      forwarded: packet, payload: payload, now: now, transport: &transportSender, into: buffer)
  }

  /// Writes the next packet the peer asked for again; 0 when none is left.
  mutating func writeRetransmission(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    for index in senders.indices where senders[index].hasPendingRetransmissions {
      let length = unsafe senders[index].writeRetransmission(now: now, transport: &transportSender, into: buffer)
      if length > 0 { return length }
    }
    return 0
  }

  /// Writes one RTCP datagram that is due; 0 when none is left.
  mutating func writeControl(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    var writer = unsafe RTCPWriter(buffer)
    if schedule.takeDue(now: now) {
      writeReports(into: &writer, now: now)
      return writer.length
    }
    // Feedback travels behind an empty report (RFC 3550 §6.1), which every peer understands.
    guard writer.receiverReport(ssrc: senderSSRC, blocks: []) else { return 0 }
    let empty = writer.length
    for index in receivers.indices where receivers[index].feedbackDeadline <= now {
      receivers[index].writeFeedback(into: &writer, sender: senderSSRC, now: now)
    }
    if transportReceiver.nextDeadline <= now, writer.length == empty {
      transportReceiver.writeFeedback(into: &writer, sender: senderSSRC)
    }
    return writer.length > empty ? writer.length : 0
  }

  private mutating func writeReports(into writer: inout RTCPWriter, now: MediaTime) {
    blocks.removeAll(keepingCapacity: true)
    for index in receivers.indices {
      if let block = receivers[index].makeReportBlock(now: now) { blocks.append(block) }
    }
    var wroteBlocks = false
    for index in senders.indices {
      guard let report = senders[index].makeSenderReport(now: now) else { continue }
      if writer.senderReport(report, blocks: wroteBlocks ? [] : blocks.prefix(31)) { wroteBlocks = true }
    }
    if !wroteBlocks { _ = writer.receiverReport(ssrc: senderSSRC, blocks: blocks.prefix(31)) }
    _ = writer.canonicalName(cname, of: senderSSRC)
  }

  /// Writes the last RTCP datagram of the session.
  mutating func writeGoodbye(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var writer = unsafe RTCPWriter(buffer)
    _ = writer.receiverReport(ssrc: senderSSRC, blocks: [])
    _ = writer.goodbye(senders.isEmpty ? [senderSSRC] : senders.map(\.ssrc)[...])
    return writer.length
  }

  // MARK: Statistics

  func statistics(media: Int) -> MediaStatistics {
    if let index = receiver(of: media) { return receivers[index].statistics }
    return sender(of: media).map { senders[$0].statistics } ?? MediaStatistics()
  }
}
