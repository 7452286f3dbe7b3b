import MixCore

/// Everything sent on one m-section: numbers packets, writes their headers, keeps them for retransmission and reports.
struct SendStream: Sendable {
  /// Retransmissions never take more than the media itself, plus this much saved up (a key frame's worth).
  private static let greatestCredit = 128 << 10
  private static let shortestRepeat = MediaTime.milliseconds(10)
  private static let maximumPending = 256
  /// A capture time further from now is on some other time line.
  private static let greatestAge = MediaTime.seconds(10)

  let media: NegotiatedMedia
  let index: Int
  let ssrc: UInt32
  /// Local time plus this is time since 1900.
  private let ntpOffset: MediaTime
  private let mid: ExtensionToken?
  private var nextSequence: UInt16
  private var nextRepairSequence: UInt16
  private var history: SendHistory
  private var rewriting = SourceRewriting()
  private var pending: [UInt16] = []
  private var credit = 0
  private var lastTimestamp: UInt32?
  private var lastCapture = MediaTime.zero
  private var lastFullIntra: UInt8?
  private var octets: UInt32 = 0
  private(set) var statistics = MediaStatistics()

  init(media: NegotiatedMedia, index: Int, ntpOffset: MediaTime, random: inout some RandomNumberGenerator) {
    self.media = media
    self.index = index
    self.ntpOffset = ntpOffset
    ssrc = media.localSSRC ?? UInt32.random(in: 1 ... .max, using: &random)
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
    let range = packets[packetIndex].clamped(to: 0..<bytes.count)
    let isLast = packetIndex == packets.count - 1
    var header = RTPHeader(
      marker: media.kind == .video && isLast, payloadType: media.payloadType, sequence: nextSequence,
      timestamp: frame.timestamp, ssrc: ssrc)
    noteCapture(frame.captureTime ?? now, timestamp: frame.timestamp, now: now)
    if packetIndex == 0 { header.extensions.absoluteCaptureTime = NTPTimestamp(lastCapture + ntpOffset) }
    nextSequence &+= 1
    let length = unsafe bytes.withUnsafeBytes { payload in
      unsafe write(
        &header, payload: UnsafeRawBufferPointer(rebasing: payload[range]), now: now, transport: &transport,
        into: buffer)
    }
    guard length > 0 else { return 0 }
    history.keep(header, sharing: bytes, range: range)
    if isLast { statistics.framesSent &+= 1 }
    return length
  }

  /// Writes a packet received from somebody else under this stream's own numbers; answers its length.
  mutating func write(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, now: MediaTime,
    transport: inout TransportSender, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let numbers = rewriting.map(
      packet, nextSequence: nextSequence, lastTimestamp: lastTimestamp, lastTime: lastCapture,
      clockRate: media.clockRate)
    var header = RTPHeader(
      marker: packet.marker, payloadType: media.payloadType, sequence: numbers.sequence,
      timestamp: numbers.timestamp, ssrc: ssrc)
    header.extensions.audioLevel = packet.audioLevel
    if numbers.timestamp != lastTimestamp || media.kind == .audio {
      header.extensions.absoluteCaptureTime = NTPTimestamp(packet.captureTime + ntpOffset)
    }
    if numbers.sequence.distance(since: nextSequence) >= 0 {
      nextSequence = numbers.sequence &+ 1
      noteCapture(packet.captureTime, timestamp: numbers.timestamp, now: now)
    }
    let length = unsafe write(&header, payload: payload, now: now, transport: &transport, into: buffer)
    guard length > 0 else { return 0 }
    let written = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(length - payload.count)..<length])
    unsafe numbers.vp8?.write(into: written)
    unsafe history.keep(header, copying: UnsafeRawBufferPointer(written))
    if packet.marker { statistics.framesSent &+= 1 }
    return length
  }

  private mutating func noteCapture(_ time: MediaTime, timestamp: UInt32, now: MediaTime) {
    lastTimestamp = timestamp
    lastCapture = (now - time).nanoseconds.magnitude < Self.greatestAge.nanoseconds ? time : now
  }

  private mutating func write(
    _ header: inout RTPHeader, payload: UnsafeRawBufferPointer, now: MediaTime, transport: inout TransportSender,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    var writer = unsafe ByteWriter(buffer)
    stamp(&header, size: payload.count, now: now, transport: &transport)
    header.write(into: &writer, extensions: media.extensions)
    unsafe writer.copy(payload)
    let length = writer.finished
    guard length > 0 else { return 0 }
    statistics.packetsSent &+= 1
    statistics.bytesSent &+= UInt64(payload.count)
    octets &+= UInt32(truncatingIfNeeded: payload.count)
    credit = min(credit &+ length, Self.greatestCredit)
    return length
  }

  private func stamp(_ header: inout RTPHeader, size: Int, now: MediaTime, transport: inout TransportSender) {
    header.extensions.mid = mid
    if media.extensions[.absoluteSendTime] != 0 {
      header.extensions.absoluteSendTime = NTPTimestamp(now + ntpOffset).absoluteSendTime
    }
    if media.extensions[.transportSequence] != 0 {
      header.extensions.transportSequence = transport.stamp(size: size, now: now)
    }
  }

  // MARK: Retransmission

  mutating func noteNack(_ sequence: UInt16) {
    statistics.nacksReceived &+= 1
    guard history.find(sequence) != nil, pending.count < Self.maximumPending, !pending.contains(sequence) else {
      statistics.retransmissionsRefused &+= 1
      return
    }
    pending.append(sequence)
  }

  var hasPendingRetransmissions: Bool { !pending.isEmpty }

  /// Writes the next packet asked for again, in RTX form if that was agreed (RFC 4588 §4); 0 when none is left.
  mutating func writeRetransmission(
    now: MediaTime, transport: inout TransportSender, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    while let sequence = pending.first {
      pending.removeFirst()
      let pause = max((statistics.roundTripTime ?? .zero) / 2, Self.shortestRepeat)
      guard let entry = history.find(sequence), now - entry.lastRepeat >= pause else {
        statistics.retransmissionsRefused &+= 1
        continue
      }
      let length = unsafe write(entry, now: now, transport: &transport, into: buffer)
      guard length > 0 else { continue }
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
    var header = RTPHeader(
      marker: entry.marker, payloadType: media.payloadType, sequence: entry.sequence, timestamp: entry.timestamp,
      ssrc: ssrc)
    header.extensions.audioLevel = entry.audioLevel
    var original: UInt16?
    if let repairType = media.rtxPayloadType, let repairSSRC = media.localRTXSSRC {
      original = entry.sequence
      header.payloadType = repairType
      header.ssrc = repairSSRC
      header.sequence = nextRepairSequence
    }
    var writer = unsafe ByteWriter(buffer)
    stamp(&header, size: 0, now: now, transport: &transport)
    header.write(into: &writer, extensions: media.extensions)
    if let original { writer.uint16(original) }
    history.copyPayload(of: entry, into: &writer)
    let length = writer.finished
    guard length > 0, length <= credit else {
      statistics.retransmissionsRefused &+= 1
      return 0
    }
    credit &-= length
    if original != nil { nextRepairSequence &+= 1 }
    return length
  }

  // MARK: Reports

  mutating func makeSenderReport(now: MediaTime) -> SenderReport? {
    guard let lastTimestamp else { return nil }
    let passed = (now - lastCapture).count(rate: media.clockRate)
    return SenderReport(
      ssrc: ssrc, ntp: NTPTimestamp(now + ntpOffset),
      timestamp: lastTimestamp &+ UInt32(truncatingIfNeeded: passed),
      packetCount: UInt32(truncatingIfNeeded: statistics.packetsSent), octetCount: octets)
  }

  /// What the peer reports of this stream.
  mutating func noteReport(_ block: ReportBlock, now: MediaTime) {
    statistics.remoteFractionLost = Double(block.fractionLost) / 256
    guard let sample = block.roundTripTime(now: NTPTimestamp(now + ntpOffset)) else { return }
    statistics.roundTripTime = statistics.roundTripTime.map { ($0 * 7 + sample) / 8 } ?? sample
  }

  mutating func noteKeyFrameRequest() { statistics.keyFrameRequestsReceived &+= 1 }

  /// False if the request was only repeated (RFC 5104 §4.3.1.1).
  mutating func noteFullIntra(_ commandSequence: UInt8) -> Bool {
    guard commandSequence != lastFullIntra else { return false }
    lastFullIntra = commandSequence
    noteKeyFrameRequest()
    return true
  }
}
