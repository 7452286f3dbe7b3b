import MixCore

/// Which frames may go while there is little room.
extension SendStream {
  /// The forwarded frame that goes through the gate now.
  struct PassingFrame: Sendable {
    let ssrc: UInt32
    private let timestamp: UInt32
    let isAdmitted: Bool

    init(_ packet: ForwardQueue.Packet, isAdmitted: Bool) {
      ssrc = packet.ssrc
      timestamp = packet.timestamp
      self.isAdmitted = isAdmitted
    }

    func holds(_ packet: ForwardQueue.Packet) -> Bool { ssrc == packet.ssrc && timestamp == packet.timestamp }
  }

  /// False while there is no room for this stream.
  var isOpen: Bool { gate.isOpen }

  mutating func closeGate() {
    gate.close()
    passing = nil
    forgetWaiting()
  }

  /// All packets of a forwarded frame share the fate of its first one. Where it was refused, as it was not known to begin
  /// a key frame, that is taken back when it comes again as one.
  mutating func admits(_ packet: ForwardQueue.Packet, wait: MediaTime) -> Bool {
    guard !resumption.excludes(packet) else { return false }
    let wasOpen = gate.isOpen
    if packet.isKeyFrameStart {
      takesRepeats = !wasOpen
      keyFrameTimestamp = packet.pictureTimestamp ?? packet.timestamp
      // Of H.264 an open stream has sent the start before it was known to be one; as it comes again it is left out.
      if wasOpen { requests.noteKeyFrame(isForwarded: true, now: packet.arrival) }
    }
    guard takesRepeats || !packet.isRepeated else { return false }
    if let frame = passing, frame.holds(packet) {
      guard !frame.isAdmitted else { return true }
      guard packet.isKeyFrameStart else { return false }
      statistics.framesRefused &-= 1
    }
    let isAdmitted = admits(isKeyFrame: packet.isKeyFrameStart, wait: wait, length: .zero)
    if !isAdmitted { takesRepeats = false }
    if isAdmitted, !wasOpen { resumption.begin(with: packet) }
    passing = PassingFrame(packet, isAdmitted: isAdmitted)
    return isAdmitted
  }

  /// Another layer begins with it.
  func isOfOtherSource(_ packet: ForwardQueue.Packet) -> Bool { passing.map { $0.ssrc != packet.ssrc } ?? false }

  func isOfKeyFrame(_ packet: ForwardQueue.Packet) -> Bool { packet.timestamp == keyFrameTimestamp }

  mutating func admits(isKeyFrame: Bool, wait: MediaTime, length: MediaTime) -> Bool {
    let isAdmitted = gate.admits(isKeyFrame: isKeyFrame, wait: wait, length: length)
    guard !isAdmitted else { return true }
    statistics.framesRefused &+= 1
    forgetWaiting()
    return false
  }

  private mutating func forgetWaiting() { pending.removeAll(keepingCapacity: true) }

  mutating func takeKeyFrameRequest(hasRoom: Bool, now: MediaTime) -> Bool {
    gate.takeRequest(hasRoom: hasRoom, now: now)
  }
}
