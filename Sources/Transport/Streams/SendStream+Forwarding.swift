import MixCore

/// Packets received from somebody else.
extension SendStream {
  /// Writes such a packet under this stream's own numbers; answers its length.
  mutating func write(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, now: MediaTime,
    transport: inout TransportSender, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    var payload = unsafe payload
    let blocks = unsafe redundancyHeaders(of: packet, in: payload)
    if let start = packet.primaryOffset, blocks == nil {
      unsafe payload = UnsafeRawBufferPointer(rebasing: payload.dropFirst(max(start, 0)))
    }
    // The viewer must not miss the numbers of what was refused; those of what waited before are given by now.
    if packet.resumes { rewriting.restart() }
    let numbers = rewriting.map(
      packet, nextSequence: nextSequence, lastTimestamp: lastTimestamp, lastTime: lastCapture,
      clockRate: media.clockRate)
    var header = RTPHeader(
      marker: packet.marker, payloadType: payloadType(redundant: blocks != nil), sequence: numbers.sequence,
      timestamp: numbers.timestamp, ssrc: ssrc)
    header.extensions.audioLevel = packet.audioLevel
    if numbers.timestamp != lastTimestamp || media.kind == .audio {
      header.extensions.absoluteCaptureTime = NTPTimestamp(packet.captureTime + ntpOffset)
      header.extensions.playoutDelay = playoutHint.value(roundTrip: statistics.roundTripTime, now: now)
    }
    if numbers.sequence.distance(since: nextSequence) >= 0 {
      nextSequence = numbers.sequence &+ 1
      noteCapture(packet.captureTime, timestamp: numbers.timestamp, now: now)
    }
    let length = unsafe write(&header, payload: payload, now: now, transport: &transport, into: buffer)
    guard length > 0 else { return 0 }
    let written = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(length - payload.count)..<length])
    unsafe numbers.vp8?.write(into: written)
    unsafe blocks?.write(type: media.payloadType, into: written)
    unsafe history.keep(header, copying: UnsafeRawBufferPointer(written), now: now)
    if isOfKeyFrame(packet) { sentKeyFrameTimestamp = numbers.timestamp }
    if packet.isKeyFrameStart { requests.noteKeyFrame(isForwarded: true, now: now) }
    if packet.marker { statistics.framesSent &+= 1 }
    return length
  }

  /// `nil` for a payload of one packet, and where only the newest packet is to be sent.
  private func redundancyHeaders(
    of packet: ForwardQueue.Packet, in payload: UnsafeRawBufferPointer
  ) -> RedundancyHeaders? {
    guard let start = packet.primaryOffset, media.redPayloadType != nil else { return nil }
    return unsafe RedundancyHeaders(payload, primaryOffset: start)
  }
}
