import MixCore

/// Which frames may go while there is little room.
extension SendStream {
  /// The forwarded frame that goes through the gate now.
  struct PassingFrame: Sendable {
    private let ssrc: UInt32
    private let timestamp: UInt32
    let isAdmitted: Bool
    var packetsRefused: Int

    init(_ packet: ForwardQueue.Packet, isAdmitted: Bool) {
      ssrc = packet.ssrc
      timestamp = packet.timestamp
      self.isAdmitted = isAdmitted
      packetsRefused = isAdmitted ? 0 : 1
    }

    func holds(_ packet: ForwardQueue.Packet) -> Bool { ssrc == packet.ssrc && timestamp == packet.timestamp }
  }

  /// False while there is no room for this stream.
  var isOpen: Bool { gate.isOpen }

  mutating func closeGate() {
    gate.close()
    forgetWaiting()
  }

  /// All packets of a forwarded frame share the fate of its first one. Where others overtook that one they were refused,
  /// which is taken back if it begins a key frame and all of them were held back.
  mutating func admits(_ packet: ForwardQueue.Packet, wait: MediaTime) -> Bool {
    guard !resumption.excludes(packet) else { return false }
    var isRevision = false
    if let frame = passing, frame.holds(packet) {
      guard !frame.isAdmitted else { return true }
      guard packet.isKeyFrameStart, frame.packetsRefused == early.count else {
        passing?.packetsRefused += 1
        return false
      }
      isRevision = true
      statistics.framesRefused &-= 1
    }
    let wasOpen = gate.isOpen
    let isAdmitted = admits(isKeyFrame: packet.isKeyFrameStart, wait: wait, length: .zero)
    if isAdmitted, !wasOpen {
      if !isRevision { early.removeAll() }
      // The viewer must not miss the numbers of what was refused.
      rewriting.restart()
      resumption.begin(with: packet)
    }
    passing = PassingFrame(packet, isAdmitted: isAdmitted)
    return isAdmitted
  }

  mutating func admits(isKeyFrame: Bool, wait: MediaTime, length: MediaTime) -> Bool {
    let isAdmitted = gate.admits(isKeyFrame: isKeyFrame, wait: wait, length: length)
    guard !isAdmitted else { return true }
    statistics.framesRefused &+= 1
    forgetWaiting()
    return false
  }

  /// Keeps a packet that was just refused, as it may have overtaken the first one of a key frame.
  mutating func holdBack(_ packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer) {
    guard let passing, passing.holds(packet), !passing.isAdmitted, !packet.isKeyFrameStart else { return }
    unsafe early.keep(packet, payload: payload)
  }

  private mutating func forgetWaiting() {
    pending.removeAll(keepingCapacity: true)
    early.removeAll()
  }

  mutating func takeKeyFrameRequest(hasRoom: Bool, now: MediaTime) -> Bool {
    gate.takeRequest(hasRoom: hasRoom, now: now)
  }
}
