import MixCore

/// Frames and forwarded packets on their way out.
extension MediaPlane {
  /// What would wait longer than this behind the key frames is too old, however it came to wait.
  private static let longestWait = MediaTime.milliseconds(500)

  func sender(of media: Int, layer: Int = 0) -> Int? {
    senders.firstIndex { $0.index == media && $0.layer == layer }
  }

  /// Takes a frame to be sent by `writeNext`; false if there is no room for it.
  mutating func enqueue(_ frame: borrowing PacketizedFrame, media: Int, layer: Int = 0, now: MediaTime) -> Bool {
    guard let index = sender(of: media, layer: layer) else { return false }
    schedule.start(now: now)
    let isVideo = senders[index].media.kind == .video
    guard isVideo else {
      senders[index].repeatsSound = !sparesRedundancy || needsRepeatedSound(now)
      noteOffer(senders[index].length(of: frame), packets: frame.packets.count, isVideo: false, now: now)
      transportSender.outbox.appendAudio(copy frame, sender: index)
      return true
    }
    noteOffer(frame.bytes.count, packets: frame.packets.count, isVideo: true, now: now)
    let isKeyFrame = frame.isKeyFrame
    let length = transportSender.bandwidth.pacer.time(for: frame.bytes.count)
    let wasOpen = senders[index].isOpen
    let wait = queueWait(behindKeyFrames: wasOpen, now: now)
    guard senders[index].admits(isKeyFrame: isKeyFrame, wait: wait, length: length) else {
      askForKeyFrame(for: index, now: now)
      return false
    }
    if !wasOpen { noteResumption(now: now) }
    transportSender.outbox.appendVideo(copy frame, sender: index)
    return true
  }

  /// Takes a packet that came from another session: 0 if it waits or is refused, else its length in `buffer`.
  mutating func enqueue(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    var packet = packet
    let isVideo = senders[index].media.kind == .video
    if !packet.isRepeated { noteOffer(payload.count, packets: 1, isVideo: isVideo, now: now) }
    if isVideo {
      let wasOpen = senders[index].isOpen
      let isOtherSource = senders[index].isOfOtherSource(packet)
      let wait = queueWait(behindKeyFrames: wasOpen, now: now)
      guard senders[index].admits(packet, wait: wait) else {
        // An open stream leaves out what comes late from before it resumed, and what was sent before.
        if !senders[index].isOpen { askForKeyFrame(for: index, now: now) }
        return 0
      }
      packet.resumes = !wasOpen
      if packet.resumes || isOtherSource { noteResumption(now: now) }
      guard !transportSender.outbox.hasVideo, mayWrite(now) else {
        let isKeyFrame = senders[index].isOfKeyFrame(packet)
        let fits = unsafe transportSender.outbox.append(
          packet, payload: payload, sender: index, isKeyFrame: isKeyFrame)
        // Nothing behind a hole can be decoded.
        if !fits { senders[index].closeGate() }
        return 0
      }
    }
    return unsafe senders[index].write(
      forwarded: packet, payload: payload, now: now, transport: &transportSender, into: buffer)
  }

  /// Not where sound and pictures together are too much already: what is lost there is no accident.
  private mutating func needsRepeatedSound(_ now: MediaTime) -> Bool {
    let available = transportSender.bandwidth.available
    return soundProtection.isNeeded(available: available, now: now) && transportSender.bandwidth.isWideEnough(now)
  }

  private mutating func noteOffer(_ bytes: Int, packets: Int, isVideo: Bool, now: MediaTime) {
    let headers = packets * (TransportSender.overhead + RTPHeader.fixedLength)
    transportSender.bandwidth.noteOffer(bytes + headers, isVideo: isVideo, now: now)
  }

  /// - Parameter behindKeyFrames: where the path carries everything on offer, whoever runs goes on behind his key frame
  ///   however large it is; to start, little may wait altogether.
  private mutating func queueWait(behindKeyFrames: Bool, now: MediaTime) -> MediaTime {
    guard !transportSender.bandwidth.isStalled(now) else { return .distantFuture }
    return behindKeyFrames ? transportSender.excessWait(now) : transportSender.wait
  }

  private mutating func mayWrite(_ now: MediaTime) -> Bool {
    choosePadder(now)
    transportSender.bandwidth.advance(to: now, canPad: transportSender.padder != nil)
    return transportSender.allows(now)
  }

  /// A stream with RTX can be padded for good, another one only while it has no picture to send.
  private mutating func choosePadder(_ now: MediaTime) {
    if let padder = transportSender.padder, senders[padder].hasRepairForm { return }
    transportSender.padder = senders.firstIndex { $0.canPad(now) }
  }

  /// A stream that was refused goes on, or with another layer.
  private mutating func noteResumption(now: MediaTime) {
    transportSender.bandwidth.isShort = senders.contains { !$0.isOpen }
    transportSender.bandwidth.noteResumption(now: now)
  }

  /// A refused stream goes on with a key frame as soon as the rate is there again.
  private mutating func askForKeyFrame(for index: Int, now: MediaTime) {
    transportSender.bandwidth.isShort = true
    let hasRoom = transportSender.bandwidth.hasRoomForAll(now) && !transportSender.outbox.hasVideo
    guard senders[index].takeKeyFrameRequest(hasRoom: hasRoom, now: now) else { return }
    outputs.append(.keyFrameRequested(media: senders[index].index))
  }

  /// The peer wants one; a stream without room asks itself once there is some. False if he asks too often.
  mutating func passKeyFrameRequest(for index: Int, now: MediaTime) -> Bool {
    guard senders[index].isOpen else { return true }
    let roundTrip = senders[index].statistics.roundTripTime ?? .zero
    if limitsRequests, !senders[index].requests.admits(now: now, roundTrip: roundTrip) { return false }
    outputs.append(.keyFrameRequested(media: senders[index].index))
    return true
  }

  /// True while video is refused or waits noticeably.
  var isCongested: Bool {
    senders.contains { !$0.isOpen } || transportSender.wait > .milliseconds(100)
  }

  // MARK: Writing

  /// Writes the next RTP packet that may leave: sound first, then what was asked for again, new pictures, and padding
  /// while a probe lasts. 0 if there is none at present.
  mutating func writeNext(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    while let item = transportSender.outbox.nextAudio {
      transportSender.outbox.advanceAudio()
      let length = unsafe write(item, now: now, into: buffer)
      if length > 0 { return length }
    }
    let sound = unsafe writeRetransmission(of: .audio, into: buffer, now: now)
    if sound > 0 { return sound }
    guard mayWrite(now) else { return 0 }
    let repair = unsafe writeRetransmission(of: .video, into: buffer, now: now)
    if repair > 0 { return repair }
    while let item = transportSender.outbox.nextVideo {
      let length = unsafe write(item, now: now, into: buffer)
      transportSender.outbox.advanceVideo()
      if length > 0 { return length }
    }
    return unsafe writePadding(into: buffer, now: now)
  }

  private mutating func write(
    _ item: Outbox.Item, now: MediaTime, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    switch item.content {
    case .frame(let frame):
      return unsafe senders[item.sender].write(
        packet: item.next, of: frame, now: now, transport: &transportSender, into: buffer)
    case .forwarded(let index): return unsafe writeForwarded(index, sender: item.sender, now: now, into: buffer)
    }
  }

  private mutating func writeForwarded(
    _ index: Int, sender: Int, now: MediaTime, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    // Held apart for the time of writing, as writing changes what holds the queue.
    let outbox = transportSender.outbox
    return unsafe outbox.withForwarded(index) { packet, payload in
      unsafe senders[sender].write(
        forwarded: packet, payload: payload, now: now, transport: &transportSender, into: buffer)
    }
  }

  /// Writes the next packet the peer asked for again; 0 when none is left.
  mutating func writeRetransmission(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    let sound = unsafe writeRetransmission(of: .audio, into: buffer, now: now)
    return sound > 0 ? sound : unsafe writeRetransmission(of: .video, into: buffer, now: now)
  }

  private mutating func writeRetransmission(
    of kind: MediaIntent.Kind, into buffer: UnsafeMutableRawBufferPointer, now: MediaTime
  ) -> Int {
    for index in senders.indices where senders[index].media.kind == kind && senders[index].hasPendingRetransmissions {
      let length = unsafe senders[index].writeRetransmission(now: now, transport: &transportSender, into: buffer)
      if length > 0 { return length }
    }
    return 0
  }

  private mutating func writePadding(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    guard let wanted = transportSender.bandwidth.paddingSize, let padder = transportSender.padder else { return 0 }
    return unsafe senders[padder].writePadding(wanted, now: now, transport: &transportSender, into: buffer)
  }

  // MARK: Direct

  /// Writes one RTP packet of `frame` past the queue; answers its length, 0 if there is none.
  mutating func write(
    packet: Int, of frame: borrowing PacketizedFrame, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      packet: packet, of: frame, now: now, transport: &transportSender, into: buffer)
  }

  /// Writes one RTP packet that came from another session past the queue; answers its length.
  mutating func write(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      forwarded: packet, payload: payload, now: now, transport: &transportSender, into: buffer)
  }

  // MARK: Time

  /// When something may be sent that could not be sent before, or the path is to be probed.
  var sendingDeadline: MediaTime {
    if transportSender.outbox.hasVideo || senders.contains(where: { $0.hasPendingRetransmissions }) {
      return transportSender.releaseDeadline
    }
    return transportSender.bandwidth.deadline
  }

  /// Throws away what waits when the rate has fallen so far that it would come too late.
  mutating func dropBelated(now: MediaTime) {
    transportSender.bandwidth.isShort = senders.contains { !$0.isOpen }
    guard transportSender.outbox.hasVideo, queueWait(behindKeyFrames: true, now: now) > Self.longestWait else { return }
    transportSender.outbox.removeVideo()
    for index in senders.indices where senders[index].media.kind == .video { senders[index].closeGate() }
  }
}
