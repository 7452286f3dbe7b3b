import MixCore

/// Finds where the key frames of a forwarded source begin, and keeps its newest packets: what came before that was
/// known, those who wait for a key frame have refused.
struct KeyFrameFinder: Sendable {
  /// More than the packets of a large key frame and of what follows it until its first packet was sent again.
  private static let capacity: Int64 = 256

  private let codec: VideoCodec
  private var ring = PacketRing(capacity: KeyFrameFinder.capacity)
  private var newest: Int64?
  /// The first packet of the newest key frame that was found.
  private var found: Int64?
  /// Packets that may be repeated: never more than came, however a sender orders them.
  private var credit = KeyFrameFinder.capacity

  init(codec: VideoCodec) { self.codec = codec }

  /// The source starts anew.
  mutating func restart() {
    ring.removeAll()
    newest = nil
    found = nil
  }

  /// Takes one packet not seen before. Answers the first packet of a key frame if this one was the last that was missing
  /// to tell that; of each key frame once.
  mutating func insert(_ accepted: AcceptedPacket, payload: UnsafeRawBufferPointer) -> Int64? {
    let (sequence, header) = (accepted.sequence, accepted.header)
    let newest = max(self.newest ?? sequence, sequence)
    self.newest = newest
    credit = min(credit &+ 1, Self.capacity)
    guard sequence > newest &- Self.capacity else { return nil }
    let packet = PacketRing.Packet(
      sequence: sequence, timestamp: header.timestamp, marker: header.marker, arrival: accepted.arrival,
      captureTime: accepted.captureTime, summary: accepted.summary)
    guard unsafe ring.store(packet, payload: payload), let start = keyFrame(around: sequence, newest: newest),
      found.map({ start > $0 }) ?? true, newest &- start <= credit
    else { return nil }
    found = start
    credit &-= newest &- start
    return start
  }

  /// Calls `body` with every packet from `start` on that has come, in order.
  func forEachPacket(from start: Int64, _ body: (PacketRing.Packet, UnsafeRawBufferPointer) -> Void) {
    guard let newest, start <= newest else { return }
    unsafe ring.forEachPacket(in: start...newest, body)
  }

  /// The start of the key frame that the packet is of, or, as of H.264 often only the packet before tells where a frame
  /// begins, the one behind it.
  private func keyFrame(around sequence: Int64, newest: Int64) -> Int64? {
    if let start = start(ofKeyFrame: sequence, newest: newest) { return start }
    guard codec == .h264 else { return nil }
    var next = sequence &+ 1
    while ring.packet(next)?.summary?.holdsOnlyParameters == true { next &+= 1 }
    return start(ofKeyFrame: next, newest: newest)
  }

  /// `nil` if the packet is of another frame, or as long as something may be missing in front of what is there.
  private func start(ofKeyFrame sequence: Int64, newest: Int64) -> Int64? {
    guard ring.decodingStart(from: sequence, through: newest) == .keyPicture,
      var start = ring.frameStart(of: sequence, notBefore: newest &- Self.capacity &+ 1, codec: codec)
    else { return nil }
    // Parameter sets may have a timestamp of their own.
    while ring.packet(start &- 1)?.summary?.holdsOnlyParameters == true { start &-= 1 }
    return ring.startsFrame(start, codec: codec) ? start : nil
  }
}
