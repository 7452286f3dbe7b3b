/// Where a forwarded source went on after a pause: what is older must not take the numbers of what was sent before.
struct Resumption: Sendable {
  /// Packets: what comes later than the window of `SequenceTracker` is dropped, and a longer way back is a new numbering.
  private static let reach = 1024

  private var start: (ssrc: UInt32, sequence: UInt16)?

  mutating func begin(with packet: ForwardQueue.Packet) { start = (packet.ssrc, packet.sequence) }

  /// True if the packet is from before the pause.
  mutating func excludes(_ packet: ForwardQueue.Packet) -> Bool {
    guard let place = start else { return false }
    let distance = Int(packet.sequence.distance(since: place.sequence))
    guard packet.ssrc == place.ssrc, abs(distance) <= Self.reach else {
      start = nil
      return false
    }
    return distance < 0
  }
}
