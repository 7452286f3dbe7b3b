import MixCore

/// Turns the time of encoded packets into RTP timestamps and capture times.
struct PacketClock: Sendable {
  let origin: MediaTime
  /// RTP timestamp units per second.
  let rate: Int64

  func frame(of packet: EncodedPacket, bytes: [UInt8], packets: [Range<Int>]) -> PacketizedFrame {
    PacketizedFrame(
      bytes: bytes, packets: packets, timestamp: UInt32(truncatingIfNeeded: packet.time.count(rate: rate)),
      isKeyFrame: packet.isKeyFrame, captureTime: origin + packet.time)
  }
}
