import MixCore

/// Everything sent on one m-section: numbers packets, writes their headers, keeps them for retransmission and reports.
struct SendStream: Sendable {
  /// Retransmissions never take more than the media itself, plus this much saved up (a key frame's worth).
  private static let greatestCredit = 128 << 10
  private static let shortestRepeat = MediaTime.milliseconds(10)
  private static let maximumPending = 256
  private static let greatestPadding = 224
  private static let headerRoom = 64
  /// A stream on which nothing was sent for so long has no picture under way, and goes on with a key frame. A shared
  /// screen may have one picture a second.
  private static let idleness = MediaTime.seconds(3)
  /// A capture time further from now is on some other time line.
  private static let greatestAge = MediaTime.seconds(10)

  let media: NegotiatedMedia
  let index: Int
  /// Of simulcast; 0 without.
  let layer: Int
  let ssrc: UInt32
  private let repairSSRC: UInt32?
  private let rid: ExtensionToken?
  /// Local time plus this is time since 1900.
  let ntpOffset: MediaTime
  private let mid: ExtensionToken?
  var nextSequence: UInt16
  private var nextRepairSequence: UInt16
  var history: SendHistory
  var rewriting = SourceRewriting()
  var pending: [UInt16] = []
  private var credit = 0
  private var lastSent = MediaTime.distantPast
  var lastTimestamp: UInt32?
  var lastCapture = MediaTime.zero
  private var lastFullIntra: UInt8?
  /// The last one was not passed on: what the peer repeats is heard again.
  var isFullIntraRefused = false
  /// The newest packet the peer has reported.
  private var highestReported: UInt32?
  private var octets: UInt32 = 0
  var gate = VideoGate()
  var passing: PassingFrame?
  var resumption = Resumption()
  /// Of the last forwarded one.
  var keyFrameTimestamp: UInt32?
  var requests = KeyFrameLimiter()
  var playoutHint = PlayoutHint()
  /// Sound goes out together with what came before it, where that was packetised and agreed.
  var repeatsSound = true
  /// Of the last one, as it was sent.
  var sentKeyFrameTimestamp: UInt32?
  /// The last key frame has opened the gate: what is repeated behind its start was refused.
  var takesRepeats = false
  var statistics = MediaStatistics()

  init(
    media: NegotiatedMedia, index: Int, layer: Int = 0, ntpOffset: MediaTime,
    random: inout some RandomNumberGenerator
  ) {
    self.media = media
    self.index = index
    self.layer = layer
    self.ntpOffset = ntpOffset
    let source = media.layerSources.indices.contains(layer) ? media.layerSources[layer] : nil
    ssrc = source?.ssrc ?? media.localSSRC ?? UInt32.random(in: 1 ... .max, using: &random)
    repairSSRC = source.map(\.repair) ?? media.localRTXSSRC
    rid = media.layers.indices.contains(layer) ? ExtensionToken(media.layers[layer]) : nil
    mid = ExtensionToken(media.mid)
    // RFC 3550 §5.1: at random; in the lower half, so that SRTP's rollover counter starts alike on both sides.
    nextSequence = UInt16.random(in: 0..<0x8000, using: &random)
    nextRepairSequence = UInt16.random(in: 0..<0x8000, using: &random)
    history =
      media.kind == .video
      ? SendHistory(packets: 1024, arenaCapacity: 512 << 10) : SendHistory(packets: 128, arenaCapacity: 32 << 10)
  }

  // MARK: Media

  /// Writes one packet of a packetised frame; answers its length.
  mutating func write(
    packet packetIndex: Int, of frame: borrowing PacketizedFrame, now: MediaTime, transport: inout TransportSender,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let packets = frame.packets
    guard packets.indices.contains(packetIndex) else { return 0 }
    let bytes = frame.bytes
    let redundantPrefix = isRedundant(frame) ? frame.primaryOffset : nil
    let range = packets[packetIndex].clamped(to: bytes.count - length(of: frame)..<bytes.count)
    let isLast = packetIndex == packets.count - 1
    var header = RTPHeader(
      marker: media.kind == .video && isLast, payloadType: payloadType(redundant: redundantPrefix != nil),
      sequence: nextSequence,
      timestamp: frame.timestamp, ssrc: ssrc)
    noteCapture(frame.captureTime ?? now, timestamp: frame.timestamp, now: now)
    if packetIndex == 0 {
      header.extensions.absoluteCaptureTime = NTPTimestamp(lastCapture + ntpOffset)
      header.extensions.playoutDelay = playoutHint.value(roundTrip: statistics.roundTripTime, now: now)
    }
    nextSequence &+= 1
    let length = unsafe bytes.withUnsafeBytes { payload in
      unsafe write(
        &header, payload: UnsafeRawBufferPointer(rebasing: payload[range]), now: now, transport: &transport,
        into: buffer)
    }
    guard length > 0 else { return 0 }
    if let redundantPrefix {
      let written = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(length - range.count)..<length])
      unsafe nameType(in: written, primaryOffset: redundantPrefix)
    }
    if packetIndex == 0, frame.isKeyFrame {
      requests.noteKeyFrame(isForwarded: false, now: now)
      sentKeyFrameTimestamp = frame.timestamp
    }
    history.keep(header, sharing: bytes, range: range, now: now)
    if isLast { statistics.framesSent &+= 1 }
    return length
  }

  private func isRedundant(_ frame: borrowing PacketizedFrame) -> Bool {
    frame.primaryOffset != nil && media.redPayloadType != nil && repeatsSound
  }

  /// Bytes of the frame that are sent here.
  func length(of frame: borrowing PacketizedFrame) -> Int {
    let start = isRedundant(frame) ? 0 : frame.primaryOffset ?? 0
    return max(0, frame.bytes.count - start)
  }

  /// The packetiser does not know which type the viewer gave the sound.
  private func nameType(in payload: UnsafeMutableRawBufferPointer, primaryOffset: Int) {
    let headers = unsafe RedundancyHeaders(UnsafeRawBufferPointer(payload), primaryOffset: primaryOffset)
    unsafe headers?.write(type: media.payloadType, into: payload)
  }

  /// Payloads that repeat earlier packets have a type of their own; who did not agree to it gets the newest packet alone.
  func payloadType(redundant: Bool) -> UInt8 {
    redundant ? media.redPayloadType ?? media.payloadType : media.payloadType
  }

  mutating func noteCapture(_ time: MediaTime, timestamp: UInt32, now: MediaTime) {
    lastTimestamp = timestamp
    lastCapture = (now - time).nanoseconds.magnitude < Self.greatestAge.nanoseconds ? time : now
  }

  mutating func write(
    _ header: inout RTPHeader, payload: UnsafeRawBufferPointer, now: MediaTime, transport: inout TransportSender,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    var writer = unsafe ByteWriter(buffer)
    stamp(&header, now: now, transport: &transport)
    header.write(into: &writer, extensions: media.extensions)
    unsafe writer.copy(payload)
    let length = writer.finished
    guard length > 0 else { return 0 }
    transport.noteSent(length, number: header.extensions.transportSequence, now: now)
    statistics.packetsSent &+= 1
    statistics.bytesSent &+= UInt64(payload.count)
    lastSent = now
    octets &+= UInt32(truncatingIfNeeded: payload.count)
    credit = min(credit &+ length, Self.greatestCredit)
    return length
  }

  private func stamp(_ header: inout RTPHeader, now: MediaTime, transport: inout TransportSender) {
    header.extensions.mid = mid
    if header.payloadType == media.rtxPayloadType {
      header.extensions.repairedRID = rid
    } else {
      header.extensions.rid = rid
    }
    if media.extensions[.absoluteSendTime] != 0 {
      header.extensions.absoluteSendTime = NTPTimestamp(now + ntpOffset).absoluteSendTime
    }
    if media.extensions[.transportSequence] != 0 {
      header.extensions.transportSequence = transport.takeNumber()
    }
  }

  // MARK: Retransmission

  /// Answers when the packet was sent if the peer has not asked for it before: he goes on until it comes.
  mutating func noteNack(_ sequence: UInt16) -> MediaTime? {
    statistics.nacksReceived &+= 1
    let entry = history.noteMissing(sequence)
    if let entry, entry.timestamp == sentKeyFrameTimestamp { requests.noteLoss() }
    let missed = entry?.isMissed == false ? entry : nil
    if let missed {
      requests.noteMissing(sent: missed.sent)
      if hasRepairForm { playoutHint.noteMissing(sent: missed.sent) }
    }
    // What a closed stream has sent is no longer shown: it goes on with a key frame.
    if gate.isOpen, canRepair(sequence), pending.count < Self.maximumPending, !pending.contains(sequence) {
      pending.append(sequence)
    } else {
      statistics.retransmissionsRefused &+= 1
    }
    return missed?.sent
  }

  /// Only in RTX form: SRTP never protects a sequence number twice.
  private func canRepair(_ sequence: UInt16) -> Bool {
    guard repairSSRC != nil, media.rtxPayloadType != nil, let entry = history.find(sequence) else { return false }
    // The retransmission type stands for one type of original.
    return entry.payloadType == media.payloadType
  }

  var hasPendingRetransmissions: Bool { !pending.isEmpty }

  /// Writes the next packet the peer asked for again, in RTX form (RFC 4588 §4); 0 when none is left.
  mutating func writeRetransmission(
    now: MediaTime, transport: inout TransportSender, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    while let sequence = pending.first {
      pending.removeFirst()
      let pause = max((statistics.roundTripTime ?? .zero) / 2, Self.shortestRepeat)
      guard let entry = history.find(sequence), now - entry.lastRepeat >= pause,
        entry.length + Self.headerRoom <= credit
      else {
        statistics.retransmissionsRefused &+= 1
        continue
      }
      let length = unsafe write(entry, now: now, transport: &transport, into: buffer)
      guard length > 0 else { continue }
      credit &-= length
      history.noteRepeat(sequence, now: now)
      statistics.packetsRetransmitted &+= 1
      return length
    }
    return 0
  }

  private mutating func write(
    _ entry: SendHistory.Entry, now: MediaTime, transport: inout TransportSender,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let repairType = media.rtxPayloadType, let repairSSRC else { return 0 }
    var header = RTPHeader(
      marker: entry.marker, payloadType: repairType, sequence: nextRepairSequence, timestamp: entry.timestamp,
      ssrc: repairSSRC)
    header.extensions.audioLevel = entry.audioLevel
    var writer = unsafe ByteWriter(buffer)
    stamp(&header, now: now, transport: &transport)
    header.write(into: &writer, extensions: media.extensions)
    writer.uint16(entry.sequence)
    history.copyPayload(of: entry, into: &writer)
    let length = writer.finished
    guard length > 0 else { return 0 }
    nextRepairSequence &+= 1
    transport.noteSent(length, number: header.extensions.transportSequence, now: now)
    return length
  }

  // MARK: Padding

  var hasRepairForm: Bool { repairSSRC != nil && media.rtxPayloadType != nil }

  /// True if packets without new media can be sent on this stream, behind some media: in its RTX form, or, without RTX and
  /// while no picture is under way, under its own numbers.
  func canPad(_ now: MediaTime) -> Bool {
    guard statistics.packetsSent > 0 else { return false }
    guard !hasRepairForm else { return true }
    guard media.kind == .video, media.layers.count < 2, media.extensions[.transportSequence] != 0 else { return false }
    return !gate.isOpen || now - lastSent >= Self.idleness
  }

  /// Writes about so many bytes for the sake of the rate: the newest packet again if they are many and it may be sent
  /// again, else nothing but padding (RFC 3550 §5.1).
  mutating func writePadding(
    _ wanted: Int, now: MediaTime, transport: inout TransportSender, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    if hasRepairForm, wanted > Self.greatestPadding, let entry = history.find(nextSequence &- 1),
      entry.length > Self.greatestPadding
    {
      return unsafe write(entry, now: now, transport: &transport, into: buffer)
    }
    var header = paddingHeader(now: now)
    var writer = unsafe ByteWriter(buffer)
    stamp(&header, now: now, transport: &transport)
    header.write(into: &writer, extensions: media.extensions)
    // Version 2 with padding, and with extensions if there were any.
    writer.patchByte(writer.position > RTPHeader.fixedLength ? 0xb0 : 0xa0, at: 0)
    let count = min(max(wanted, 1), Self.greatestPadding)
    for _ in 1..<count { writer.uint8(0) }
    writer.uint8(UInt8(truncatingIfNeeded: count))
    let length = writer.finished
    guard length > 0 else { return 0 }
    takePaddingNumber()
    transport.noteSent(length, number: header.extensions.transportSequence, now: now)
    return length
  }

  private func paddingHeader(now: MediaTime) -> RTPHeader {
    guard let repairType = media.rtxPayloadType, let repairSSRC else {
      return RTPHeader(
        marker: false, payloadType: media.payloadType, sequence: nextSequence, timestamp: timestamp(at: now) ?? 0,
        ssrc: ssrc)
    }
    return RTPHeader(
      marker: false, payloadType: repairType, sequence: nextRepairSequence, timestamp: lastTimestamp ?? 0,
      ssrc: repairSSRC)
  }

  private mutating func takePaddingNumber() {
    guard !hasRepairForm else {
      nextRepairSequence &+= 1
      return
    }
    nextSequence &+= 1
    statistics.packetsSent &+= 1
    // A packet that comes late must not take the number of the padding.
    if gate.isOpen { closeGate() }
  }

  /// Where the media's clock stands.
  private func timestamp(at now: MediaTime) -> UInt32? {
    lastTimestamp.map { $0 &+ UInt32(truncatingIfNeeded: (now - lastCapture).count(rate: media.clockRate)) }
  }

  // MARK: Reports

  mutating func makeSenderReport(now: MediaTime) -> SenderReport? {
    guard let current = timestamp(at: now) else { return nil }
    return SenderReport(
      ssrc: ssrc, ntp: NTPTimestamp(now + ntpOffset), timestamp: current,
      packetCount: UInt32(truncatingIfNeeded: statistics.packetsSent), octetCount: octets)
  }

  /// What the peer reports of this stream. True if he has received more of it since the report before.
  mutating func noteReport(_ block: ReportBlock, now: MediaTime) -> Bool {
    statistics.remoteFractionLost = Double(block.fractionLost) / 256
    if let sample = block.roundTripTime(now: NTPTimestamp(now + ntpOffset)) {
      statistics.roundTripTime = statistics.roundTripTime.map { ($0 * 7 + sample) / 8 } ?? sample
    }
    let isMore = highestReported.map { block.highestSequence.distance(since: $0) > 0 } ?? false
    highestReported = block.highestSequence
    return isMore
  }

  mutating func noteKeyFrameRequest() { statistics.keyFrameRequestsReceived &+= 1 }

  /// False if the request was only repeated (RFC 5104 §4.3.1.1), and not in vain before.
  mutating func noteFullIntra(_ commandSequence: UInt8) -> Bool {
    guard commandSequence != lastFullIntra else { return isFullIntraRefused }
    lastFullIntra = commandSequence
    noteKeyFrameRequest()
    return true
  }
}
