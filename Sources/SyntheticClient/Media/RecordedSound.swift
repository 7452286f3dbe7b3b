import MixCore

/// A recorded Opus track of 20 ms packets that a publisher repeats for ever.
public struct RecordedSound: Sendable {
  let packets: [EncodedPacket]

  /// Reads an Ogg file with nothing but one Opus track (RFC 3533, RFC 7845).
  public init?(ogg bytes: [UInt8]) {
    guard let all = Self.packets(of: bytes), all.count > 2, all[0].starts(with: "OpusHead".utf8) else { return nil }
    // Behind the header and the tags.
    packets = all.dropFirst(2).map { data in
      EncodedPacket(
        track: .audio(.opus), data: data, time: .zero, duration: AudioFeed.packetDuration, isKeyFrame: true)
    }
    let samples = AudioFeed.packetDuration.count(rate: 48_000)
    guard packets.allSatisfy({ Int64(OpusPacketInfo($0.data)?.samples ?? 0) == samples }) else { return nil }
  }

  /// A page is a header of 27 bytes, a table of lengths, and the pieces; a piece below 255 bytes ends a packet.
  private static func packets(of bytes: [UInt8]) -> [[UInt8]]? {
    var packets: [[UInt8]] = []
    var packet: [UInt8] = []
    var rest = bytes[...]
    while rest.count >= 27 {
      guard rest.starts(with: "OggS".utf8) else { return nil }
      let lengths = rest.dropFirst(27).prefix(Int(rest[rest.startIndex + 26]))
      rest = rest.dropFirst(27 + lengths.count)
      for length in lengths.map(Int.init) {
        packet += rest.prefix(length)
        rest = rest.dropFirst(length)
        guard length < 255 else { continue }
        packets.append(packet)
        packet = []
      }
    }
    return packets
  }
}
