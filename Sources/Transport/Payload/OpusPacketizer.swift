public import MixCore

/// One Opus packet is one RTP payload (RFC 7587 §4.2), alone or behind the packets before it (RFC 2198).
public struct OpusPacketizer: Sendable {
  private struct Sent: Sendable {
    var data: [UInt8]
    var timestamp: UInt32
  }

  /// What fits the fields of a redundant block's header.
  private static let greatestLength = 0x3ff
  private static let greatestOffset: UInt32 = 0x3fff

  private let clock: PacketClock
  private let redundancy: Int
  private let payloadType: UInt8
  private var earlier: [Sent] = []

  /// - Parameters:
  ///   - timeOrigin: where zero of the packets' time lies on the local clock.
  ///   - redundancy: how many earlier packets each one repeats.
  ///   - payloadType: of Opus in this session; every redundant block names it.
  public init(timeOrigin: MediaTime = .zero, redundancy: Int = 0, payloadType: UInt8 = 111) {
    clock = PacketClock(origin: timeOrigin, rate: 48_000)
    self.redundancy = min(max(redundancy, 0), RedundantPayload.maximumBlocks)
    self.payloadType = payloadType
  }

  public mutating func packetize(_ packet: EncodedPacket) -> PacketizedFrame {
    guard redundancy > 0 else {
      return clock.frame(of: packet, bytes: packet.data, packets: [0..<packet.data.count])
    }
    let timestamp = UInt32(truncatingIfNeeded: packet.time.count(rate: clock.rate))
    // A block in between cannot be left out: its place tells which packet it repeats.
    let fitting = earlier.reversed().prefix { sent in
      sent.data.count <= Self.greatestLength && (1...Self.greatestOffset).contains(timestamp &- sent.timestamp)
    }
    var bytes: [UInt8] = []
    for sent in fitting.reversed() {
      let offset = timestamp &- sent.timestamp
      let fields = offset << 10 | UInt32(sent.data.count)
      bytes += [
        0x80 | payloadType, UInt8(truncatingIfNeeded: fields >> 16), UInt8(truncatingIfNeeded: fields >> 8),
        UInt8(truncatingIfNeeded: fields),
      ]
    }
    bytes.append(payloadType)
    for sent in fitting.reversed() { bytes += sent.data }
    let primary = bytes.count
    bytes += packet.data
    earlier.append(Sent(data: packet.data, timestamp: timestamp))
    if earlier.count > redundancy { earlier.removeFirst() }
    var frame = clock.frame(of: packet, bytes: bytes, packets: [0..<bytes.count])
    frame.primaryOffset = primary
    return frame
  }
}
