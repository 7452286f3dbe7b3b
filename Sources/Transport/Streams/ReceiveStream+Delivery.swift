import MixCore

/// What becomes of accepted packets.
extension ReceiveStream {
  // MARK: Audio

  /// Delivers the packet and, of one with redundancy, what it repeats of packets that are missing. False if its content
  /// makes no sense.
  mutating func deliverAudio(
    _ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, to outputs: inout [MediaOutput],
    forwards: inout ForwardQueue
  ) -> Bool {
    guard packet.header.payloadType == media.redPayloadType, unsafe !payload.isEmpty else {
      guard redundancy.insert(packet.sequence) else { return true }
      unsafe forward(packet, payload: payload, to: &forwards)
      unsafe appendAudio(packet, payload: payload, timestamp: timestamps.unwrap(packet.header.timestamp), to: &outputs)
      return true
    }
    guard let blocks = unsafe RedundantPayload(payload, primaryType: media.payloadType) else {
      counters.packetsDiscarded &+= 1
      return false
    }
    redundancy.isInUse = true
    let timestamp = timestamps.unwrap(packet.header.timestamp)
    let isFirst = redundancy.insert(packet.sequence)
    for block in blocks {
      unsafe recover(block, of: packet, payload: payload, timestamp: timestamp, to: &outputs, forwards: &forwards)
    }
    guard isFirst else { return true }
    unsafe forward(packet, payload: payload, primaryOffset: blocks.primary.lowerBound, to: &forwards)
    unsafe appendAudio(
      packet, payload: UnsafeRawBufferPointer(rebasing: payload[blocks.primary]), timestamp: timestamp, to: &outputs)
    return true
  }

  /// Delivers one earlier packet that is repeated in `packet`, if it did not come by itself.
  private mutating func recover(
    _ block: RedundantPayload.Block, of packet: AcceptedPacket, payload: UnsafeRawBufferPointer, timestamp: Int64,
    to outputs: inout [MediaOutput], forwards: inout ForwardQueue
  ) {
    var earlier = packet
    earlier.sequence = packet.sequence &- Int64(block.distance)
    guard !block.range.isEmpty, earlier.sequence > tracker.first, redundancy.insert(earlier.sequence) else { return }
    earlier.header.sequence = UInt16(truncatingIfNeeded: earlier.sequence)
    earlier.header.timestamp = packet.header.timestamp &- UInt32(block.timestampOffset)
    earlier.header.extensions.audioLevel = nil
    let age = MediaTime(count: Int64(block.timestampOffset), rate: media.clockRate)
    earlier.captureTime = max(packet.captureTime - age, packet.arrival - .seconds(1))
    _ = nacks.noteArrival(earlier.sequence, now: packet.arrival)
    counters.packetsRecovered &+= 1
    let content = unsafe UnsafeRawBufferPointer(rebasing: payload[block.range])
    unsafe forward(earlier, payload: content, to: &forwards)
    unsafe appendAudio(
      earlier, payload: content, timestamp: timestamp &- Int64(block.timestampOffset), isRedundant: true, to: &outputs)
  }

  private mutating func appendAudio(
    _ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, timestamp: Int64, isRedundant: Bool = false,
    to outputs: inout [MediaOutput]
  ) {
    guard isSelected, unsafe !payload.isEmpty else { return }
    counters.framesReceived &+= 1
    let received = unsafe ReceivedAudioPacket(
      payload: Array(payload), sequence: packet.sequence, timestamp: timestamp, arrival: packet.arrival,
      captureTime: packet.captureTime, audioLevel: packet.header.extensions.audioLevel, isRedundant: isRedundant)
    outputs.append(.audioPacket(media: index, received))
  }

  // MARK: Video

  mutating func deliverVideo(
    _ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, clock: CaptureClock, to outputs: inout [MediaOutput],
    forwards: inout ForwardQueue
  ) {
    let isKept = unsafe isWanted && assembler?.keep(packet, payload: payload) == true
    unsafe forwardVideo(packet, payload: payload, isKept: isKept, to: &forwards)
    guard isSelected else {
      if packet.summary?.isKeyFrame == true { keyFrames.satisfy() }
      return
    }
    if !isKept || assembler?.insert(packet) == false { counters.packetsDiscarded &+= 1 }
    deliverFrames(now: packet.arrival, clock: clock, to: &outputs)
  }

  mutating func deliverFrames(now: MediaTime, clock: CaptureClock, to outputs: inout [MediaOutput]) {
    while var frame = assembler?.nextFrame(now: now) {
      frame.captureTime = clock.captureTime(track: track, timestamp: frame.rtpTimestamp, arrival: frame.firstPacket)
      frame.layer = layer
      counters.framesReceived &+= 1
      if frame.isKeyFrame {
        counters.keyFramesReceived &+= 1
      }
      keyFrames.noteDelivery(of: frame, now: now)
      outputs.append(.videoFrame(media: index, frame))
    }
    nacks.forget(before: assembler?.next ?? .min)
    if assembler?.needsKeyFrame == true {
      if assembler?.isReceivingKeyFrame == true { keyFrames.noteBeginning() } else { keyFrames.want(now: now) }
    }
    if assembler?.blockedSince == nil { keyFrames.satisfyPrecaution() }
  }

  // MARK: Forwarding

  /// Hands a packet on. Once it is known that a key frame has begun, all since its first packet come again for those who
  /// wait for one.
  private mutating func forwardVideo(
    _ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, isKept: Bool, to forwards: inout ForwardQueue
  ) {
    guard isForwarded, forwards.isEnabled, let ring = assembler?.ring, let codec = media.videoCodec else { return }
    if finder == nil { finder = KeyFrameFinder(codec: codec) }
    let keyFrame = isKept ? finder?.note(packet, in: ring) : nil
    if packet.sequence < keyFrame?.start ?? .max { unsafe forward(packet, payload: payload, to: &forwards) }
    if let keyFrame { forward(keyFrame, in: ring, newWith: packet, to: &forwards) }
  }

  private func forward(
    _ keyFrame: KeyFrameFinder.KeyFrame, in ring: PacketRing, newWith packet: AcceptedPacket,
    to forwards: inout ForwardQueue
  ) {
    var repeats = keyFrame.repeats
    unsafe ring.forEachPacket(in: keyFrame.start...keyFrame.newest) { kept, payload in
      let isStart = kept.sequence == keyFrame.start
      let isRepeated = kept.sequence != packet.sequence
      if isRepeated, !isStart {
        guard repeats > 0 else { return }
        repeats -= 1
      }
      let forwarded = ForwardQueue.Packet(
        media: index, layer: layer, ssrc: packet.header.ssrc, sequence: UInt16(truncatingIfNeeded: kept.sequence),
        timestamp: kept.timestamp, marker: kept.marker, payloadOffset: 0, payloadLength: 0, primaryOffset: nil,
        arrival: kept.arrival, captureTime: kept.captureTime, audioLevel: nil,
        isKeyFrameStart: isStart, isRepeated: isRepeated, pictureTimestamp: isStart ? keyFrame.timestamp : nil,
        vp8: kept.summary?.vp8.map(VP8Numbers.init))
      unsafe forwards.append(forwarded, payload: payload)
    }
  }

  /// `primaryOffset` is where a payload with redundancy has its newest packet.
  func forward(
    _ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, primaryOffset: Int? = nil,
    to forwards: inout ForwardQueue
  ) {
    guard isForwarded, forwards.isEnabled else { return }
    let header = packet.header
    let forwarded = ForwardQueue.Packet(
      media: index, layer: layer, ssrc: header.ssrc, sequence: header.sequence, timestamp: header.timestamp,
      marker: header.marker, payloadOffset: 0, payloadLength: 0, primaryOffset: primaryOffset, arrival: packet.arrival,
      captureTime: packet.captureTime, audioLevel: header.extensions.audioLevel,
      isKeyFrameStart: false, vp8: packet.summary?.vp8.map(VP8Numbers.init))
    unsafe forwards.append(forwarded, payload: payload)
  }
}
