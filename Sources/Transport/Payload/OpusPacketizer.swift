public import MixCore

/// One Opus packet is one RTP payload (RFC 7587 §4.2).
public struct OpusPacketizer: Sendable {
  private let clock: PacketClock

  /// `timeOrigin` is where zero of the packets' time lies on the local clock.
  public init(timeOrigin: MediaTime = .zero) { clock = PacketClock(origin: timeOrigin, rate: 48_000) }

  public mutating func packetize(_ packet: EncodedPacket) -> PacketizedFrame {
    clock.frame(of: packet, bytes: packet.data, packets: [0..<packet.data.count])
  }
}
