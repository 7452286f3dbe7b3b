import MixCore

/// Finds where the key frames of a forwarded source begin: what came before that was known, those who wait for a key frame
/// have refused.
struct KeyFrameFinder: Sendable {
  struct KeyFrame: Equatable {
    var start: Int64
    /// Of its picture; parameter sets in front may have another one.
    var timestamp: UInt32
    /// The newest packet of the source, of this frame or behind it.
    var newest: Int64
    /// How many packets behind the first may be handed on once more.
    var repeats: Int64
  }

  /// More than the packets of a large key frame and of what follows it until its first packet was sent again, and fewer
  /// than a `ForwardQueue` takes at once.
  static let window: Int64 = 512

  private let codec: VideoCodec
  private var newest: Int64?
  /// The first packet of the newest key frame that was found.
  private var found: Int64?
  /// Packets that may be repeated: never more than came, however a sender orders them.
  private var credit = KeyFrameFinder.window

  init(codec: VideoCodec) { self.codec = codec }

  /// The source starts anew.
  mutating func restart() {
    newest = nil
    found = nil
  }

  /// Takes one packet not seen before, which is in `ring` with others of its source. Answers a key frame if this packet
  /// was the last that was missing to tell where it begins; each key frame once.
  mutating func note(_ packet: AcceptedPacket, in ring: PacketRing) -> KeyFrame? {
    let newest = max(self.newest ?? packet.sequence, packet.sequence)
    self.newest = newest
    credit = min(credit &+ 1, Self.window)
    guard packet.sequence > newest &- Self.window,
      let (start, timestamp) = keyFrame(around: packet, newest: newest, in: ring), found.map({ start > $0 }) ?? true
    else { return nil }
    found = start
    let repeats = min(newest &- start, credit)
    credit &-= repeats
    return KeyFrame(start: start, timestamp: timestamp, newest: newest, repeats: repeats)
  }

  /// Where the key frame begins that the packet is of, and its picture's timestamp; or, as of H.264 often only the packet
  /// before tells where a frame begins, those of the one behind it.
  private func keyFrame(
    around packet: AcceptedPacket, newest: Int64, in ring: PacketRing
  ) -> (start: Int64, timestamp: UInt32)? {
    let timestamp = packet.header.timestamp
    guard codec == .h264 else { return packet.summary?.isKeyFrame == true ? (packet.sequence, timestamp) : nil }
    if let start = start(ofKeyFrame: packet.sequence, newest: newest, in: ring) { return (start, timestamp) }
    let next = ring.pictureStart(from: packet.sequence &+ 1)
    guard let first = start(ofKeyFrame: next, newest: newest, in: ring) else { return nil }
    return (first, ring.packet(next)?.timestamp ?? timestamp)
  }

  /// `nil` if the packet is of another frame, or as long as something may be missing in front of what is there.
  private func start(ofKeyFrame sequence: Int64, newest: Int64, in ring: PacketRing) -> Int64? {
    let limit = newest &- Self.window &+ 1
    guard ring.decodingStart(from: sequence, through: newest) == .keyPicture,
      let start = ring.frameStart(of: sequence, notBefore: limit, codec: codec)
    else { return nil }
    // Parameter sets may have a timestamp of their own.
    let begin = ring.parameterStart(before: start, notBefore: limit)
    return ring.startsFrame(begin, codec: codec) ? begin : nil
  }
}
