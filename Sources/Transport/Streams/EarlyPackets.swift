/// Packets of a refused frame, kept while its first packet may still come and show that it is a key frame.
struct EarlyPackets: Sendable {
  /// As many packets as come within some milliseconds; of a frame with more, none is used.
  private static let capacity = 64

  private var queue = ForwardQueue()
  /// The first packet of the frame, once it was sent.
  private var start: UInt16?
  private var next = 0

  init() { queue.isEnabled = true }

  var count: Int { queue.packets.count }
  var isReleased: Bool { start != nil && next < count }

  /// Keeps its memory.
  mutating func removeAll() {
    queue.removeAll()
    start = nil
    next = 0
  }

  mutating func keep(_ packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer) {
    guard count < Self.capacity else { return }
    unsafe queue.append(packet, payload: payload)
  }

  /// `packet` was sent: if the frame begins with it, the others may follow.
  mutating func release(behind packet: ForwardQueue.Packet) {
    guard start == nil, let first = queue.packets.first, first.ssrc == packet.ssrc, first.timestamp == packet.timestamp
    else { return }
    start = packet.sequence
  }

  /// The next packet that may be sent.
  mutating func takeNext() -> ForwardQueue.Packet? {
    while let start, next < count {
      let packet = queue.packets[next]
      next += 1
      if packet.sequence.distance(since: start) > 0 { return packet }
    }
    return nil
  }

  func withPayload(of packet: ForwardQueue.Packet, _ body: (UnsafeRawBufferPointer) -> Int) -> Int {
    let range = packet.payloadOffset..<(packet.payloadOffset + packet.payloadLength)
    return unsafe queue.bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
