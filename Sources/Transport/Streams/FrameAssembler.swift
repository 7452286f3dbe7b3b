import MixCore

/// Turns packets into frames in decode order, each only if all it refers to was delivered.
///
/// Frames follow each other in sequence numbers without a gap. At a gap everything waits until the missing packets come,
/// a whole key frame stands behind it, or `giveUp` is called; then only a key frame, or a VP8 frame whose descriptor
/// proves that it needs none of what was lost, goes on; or, if no key frame has begun, a recovery point of H.264.
struct FrameAssembler: Sendable {
  private let codec: VideoCodec
  /// The newest packets, also those that are not put together.
  private(set) var ring = PacketRing()
  private var newest: Int64 = -1
  /// The first packet not yet delivered or skipped.
  private(set) var next: Int64 = 0
  /// How far from `next` on everything is there: the first packet to look at.
  private(set) var frontier: Int64 = 0
  private(set) var needsKeyFrame = true
  /// Frames of higher temporal layers were lost: others of those layers may refer to them until one begins anew.
  private var needsLayerSync = false
  /// The start of a key frame at or beyond `next`, the newest one; its picture has begun to come.
  private var keyFrameStart: Int64?
  /// The same of a frame that is none and names a recovery point.
  private var recoveryStart: Int64?
  private var lastDelivered: VP8Descriptor?
  private(set) var framesDropped: UInt64 = 0

  init(codec: VideoCodec) { self.codec = codec }

  /// The source starts anew at `sequence`; nothing before it counts.
  mutating func restart(at sequence: Int64) {
    ring.removeAll()
    // Packets reordered around the start of a stream may still come.
    jump(to: sequence &- 16)
    newest = sequence &- 1
    needsKeyFrame = true
    keyFrameStart = nil
    recoveryStart = nil
    lastDelivered = nil
  }

  private mutating func jump(to sequence: Int64) {
    next = sequence
    frontier = sequence
    if let start = keyFrameStart, start < sequence { keyFrameStart = nil }
    if let start = recoveryStart, start < sequence { recoveryStart = nil }
  }

  /// Keeps one packet not seen before; false if that cannot be.
  mutating func keep(_ accepted: AcceptedPacket, payload: UnsafeRawBufferPointer) -> Bool {
    let header = accepted.header
    let packet = PacketRing.Packet(
      sequence: accepted.sequence, timestamp: header.timestamp, marker: header.marker, arrival: accepted.arrival,
      captureTime: accepted.captureTime, summary: accepted.summary)
    return unsafe ring.store(packet, payload: payload)
  }

  /// Puts a packet that is kept to those that wait; false if it lies behind what was delivered.
  mutating func insert(_ accepted: AcceptedPacket) -> Bool {
    let sequence = accepted.sequence
    guard sequence >= next else { return false }
    if sequence >= next &+ PacketRing.capacity {
      jump(to: sequence &- PacketRing.capacity &+ 1)
      loseReference()
    }
    newest = max(newest, sequence)
    switch codec {
    case .vp8:
      if accepted.summary?.isKeyFrame == true { keyFrameStart = max(keyFrameStart ?? sequence, sequence) }
    case .h264:
      noteDecodingStart(at: sequence)
      // Where only the packet before tells that a frame begins, it may come later.
      noteDecodingStart(at: sequence &+ 1)
      // Parameter sets in front of a picture may come behind it.
      let picture = ring.pictureStart(from: sequence &+ 1)
      if picture > sequence &+ 1 { noteDecodingStart(at: picture) }
    }
    return true
  }

  /// The packet may be the last thing that was missing to tell that its frame is a key frame, and where that begins.
  private mutating func noteDecodingStart(at sequence: Int64) {
    guard let kind = ring.decodingStart(from: sequence, through: newest),
      let start = ring.frameStart(of: sequence, notBefore: next, codec: codec)
    else { return }
    if kind == .keyPicture {
      let begin = ring.parameterStart(before: start, notBefore: next)
      // Of parameter sets with a timestamp of their own the first ones may be missing still.
      guard begin == start || ring.startsFrame(begin, codec: codec) else { return }
      keyFrameStart = max(keyFrameStart ?? begin, begin)
    } else {
      recoveryStart = max(recoveryStart ?? start, start)
    }
  }

  private func beginsDecoding(_ sequence: Int64) -> Bool {
    ring.startsFrame(sequence, codec: codec) && ring.decodingStart(from: sequence, through: newest) != nil
  }

  /// The next frame that can be decoded, if it is whole.
  mutating func nextFrame(now: MediaTime) -> ReceivedVideoFrame? {
    while true {
      // One that has begun is not left for a later one before that is whole.
      if needsKeyFrame, !beginsDecoding(next) {
        guard let start = keyFrameStart ?? recoveryStart else { return nil }
        if start > next { jump(to: start) }
      }
      guard let end = wholeFrameEnd() ?? bypassGap() else { return nil }
      let range = next...end
      let frame = assemble(range, now: now)
      jump(to: end &+ 1)
      if let frame { return frame }
    }
  }

  /// The last packet of the frame that begins at `next`, if all its packets are there.
  private mutating func wholeFrameEnd() -> Int64? {
    while frontier == next, let packet = ring.packet(next), packet.isPadding { jump(to: next &+ 1) }
    let picture = ring.pictureStart(from: next)
    frontier = max(frontier, picture)
    guard let first = ring.packet(picture) else { return nil }
    while let packet = ring.packet(frontier) {
      // Without a marker, another timestamp ends the frame.
      if packet.timestamp != first.timestamp, !packet.isPadding { return frontier &- 1 }
      if packet.marker, !packet.isPadding { return frontier }
      frontier &+= 1
    }
    return nil
  }

  /// Goes on behind a gap that does not matter: a whole key frame stands there, or the picture numbers show that no
  /// frame was lost in it. Answers the end of the frame there.
  private mutating func bypassGap() -> Int64? {
    guard newest >= frontier else { return nil }
    if frontier == next, let last = lastDelivered, let after = firstPacket(after: next),
      let descriptor = after.summary?.vp8, descriptor.startsFrame, last.isFollowed(by: descriptor)
    {
      jump(to: after.sequence)
      return wholeFrameEnd()
    }
    guard let start = keyFrameStart, start > next else { return nil }
    let (oldNext, oldFrontier) = (next, frontier)
    (next, frontier) = (start, start)
    if let end = wholeFrameEnd() {
      loseReference()
      return end
    }
    (next, frontier) = (oldNext, oldFrontier)
    return nil
  }

  private func firstPacket(after sequence: Int64) -> PacketRing.Packet? {
    guard newest > sequence else { return nil }
    for candidate in (sequence &+ 1)...newest {
      if let packet = ring.packet(candidate), !packet.isPadding { return packet }
    }
    return nil
  }

  /// A key frame has begun that will end the need for one; parameter sets alone promise none.
  var isReceivingKeyFrame: Bool { keyFrameStart != nil }

  private mutating func loseReference() {
    needsKeyFrame = true
    needsLayerSync = false
  }

  /// Since when a packet is missed that holds up others; `nil` if nothing waits.
  var blockedSince: MediaTime? {
    if needsKeyFrame, keyFrameStart == nil, recoveryStart == nil { return nil }
    guard newest > frontier else { return nil }
    return firstPacket(after: frontier)?.arrival
  }

  /// What is missing will not come: goes on with the next frame that can do without.
  mutating func giveUp() {
    guard let behind = firstPacket(after: frontier) else { return }
    framesDropped &+= 1
    if let bridge = bridge(from: behind.sequence) {
      needsLayerSync = needsLayerSync || bridge.losesLayers
      jump(to: bridge.start)
    } else {
      loseReference()
      jump(to: behind.sequence)
    }
  }

  /// True if frames behind the gap can be decoded without what is missing in it.
  var isGapBridgeable: Bool {
    guard let behind = firstPacket(after: frontier) else { return false }
    return bridge(from: behind.sequence) != nil
  }

  /// The first frame from `sequence` on that refers to nothing that was lost.
  private func bridge(from sequence: Int64) -> (start: Int64, losesLayers: Bool)? {
    guard !needsKeyFrame, let last = lastDelivered, sequence <= newest else { return nil }
    for candidate in sequence...newest {
      guard let descriptor = ring.packet(candidate)?.summary?.vp8, descriptor.startsFrame else { continue }
      if last.isFollowed(by: descriptor) { return (candidate, false) }
      if last.bridgesLoss(to: descriptor) { return (candidate, true) }
    }
    return nil
  }

  private mutating func assemble(_ range: ClosedRange<Int64>, now: MediaTime) -> ReceivedVideoFrame? {
    let picture = ring.pictureStart(from: range.lowerBound)
    guard let first = ring.packet(picture), let data = joinPayloads(range, picture: picture) else {
      framesDropped &+= 1
      loseReference()
      return nil
    }
    let start = codec == .h264 ? ring.decodingStart(from: picture, through: range.upperBound) : nil
    let recoveryFrames = data.isKeyFrame ? nil : start?.recoveryFrames
    guard data.isKeyFrame || recoveryFrames != nil || !needsKeyFrame else {
      framesDropped &+= 1
      return nil
    }
    let followsLoss = needsKeyFrame && recoveryFrames != nil
    let descriptor = first.summary?.vp8
    if needsLayerSync, !data.isKeyFrame, let descriptor, descriptor.temporalLayer ?? 0 > 0, !descriptor.isLayerSync {
      framesDropped &+= 1
      return nil
    }
    if data.isKeyFrame || descriptor?.isLayerSync == true { needsLayerSync = false }
    needsKeyFrame = false
    lastDelivered = descriptor
    return ReceivedVideoFrame(
      codec: codec, data: data.bytes, rtpTimestamp: first.timestamp, isKeyFrame: data.isKeyFrame,
      firstPacket: data.firstArrival, lastPacket: data.lastArrival, assembled: now, captureTime: data.firstArrival,
      followsLoss: followsLoss, recoveryFrames: recoveryFrames)
  }

  private struct JoinedPayloads {
    var bytes: [UInt8] = []
    var isKeyFrame = false
    var firstArrival = MediaTime.distantFuture
    var lastArrival = MediaTime.distantPast
  }

  /// - Parameter picture: its first packet; parameter sets in front may have come long before it was taken.
  private func joinPayloads(_ range: ClosedRange<Int64>, picture: Int64) -> JoinedPayloads? {
    var joined = JoinedPayloads()
    var capacity = 0
    let isReadable = unsafe ring.forEachPayload(in: range) { packet, payload in
      guard packet.summary != nil else { return false }
      unsafe capacity &+= codec == .h264 ? H264Depacketizer.bound(payload) : payload.count
      if packet.sequence >= picture { joined.firstArrival = min(joined.firstArrival, packet.arrival) }
      joined.lastArrival = max(joined.lastArrival, packet.arrival)
      return true
    }
    guard isReadable, capacity > 0 else { return nil }
    joined.firstArrival = min(joined.firstArrival, joined.lastArrival)
    var isWhole = false
    joined.bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
      let target = UnsafeMutableRawBufferPointer(buffer)
      switch codec {
      case .vp8: unsafe (isWhole, used) = joinVP8(range, into: target, isKeyFrame: &joined.isKeyFrame)
      case .h264: unsafe (isWhole, used) = joinH264(range, into: target, isKeyFrame: &joined.isKeyFrame)
      }
    }
    return isWhole ? joined : nil
  }

  private func joinVP8(
    _ range: ClosedRange<Int64>, into target: UnsafeMutableRawBufferPointer, isKeyFrame: inout Bool
  ) -> (Bool, Int) {
    guard let first = ring.packet(range.lowerBound)?.summary, first.startsFrame else { return (false, 0) }
    isKeyFrame = first.isKeyFrame
    var writer = unsafe ByteWriter(target)
    let isWhole = unsafe ring.forEachPayload(in: range) { packet, payload in
      unsafe writer.copy(UnsafeRawBufferPointer(rebasing: payload.dropFirst(packet.summary?.headerLength ?? 0)))
      return true
    }
    return (isWhole, writer.finished)
  }

  private func joinH264(
    _ range: ClosedRange<Int64>, into target: UnsafeMutableRawBufferPointer, isKeyFrame: inout Bool
  ) -> (Bool, Int) {
    var depacketizer = unsafe H264Depacketizer(target)
    let isWhole = unsafe ring.forEachPayload(in: range) { unsafe depacketizer.append($1) }
    isKeyFrame = depacketizer.containsIDR
    return (isWhole && depacketizer.isWhole, depacketizer.length)
  }
}
