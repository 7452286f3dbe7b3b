public import MixCore

/// Cuts VP8 frames into RTP payloads of about equal size (RFC 7741 §4).
public struct VP8Packetizer: Sendable {
  static let descriptorLength = 4

  private var pictureID: UInt16
  private let clock: PacketClock

  /// `timeOrigin` is where zero of the packets' time lies on the local clock.
  public init(timeOrigin: MediaTime = .zero, firstPictureID: UInt16 = 0) {
    clock = PacketClock(origin: timeOrigin, rate: 90_000)
    pictureID = firstPictureID & 0x7fff
  }

  public mutating func packetize(_ packet: EncodedPacket) -> PacketizedFrame {
    let room = PayloadLimits.maximum - Self.descriptorLength
    let count = max(1, (packet.data.count + room - 1) / room)
    let id = pictureID
    pictureID = (pictureID &+ 1) & 0x7fff
    var packets: [Range<Int>] = []
    packets.reserveCapacity(count)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: packet.data.count + count * Self.descriptorLength) {
      buffer, used in
      var writer = unsafe ByteWriter(UnsafeMutableRawBufferPointer(buffer))
      unsafe packet.data.withUnsafeBytes { frame in
        for index in 0..<count {
          let start = writer.position
          let range = (frame.count * index / count)..<(frame.count * (index + 1) / count)
          VP8Descriptor.write(into: &writer, pictureID: id, startsFrame: index == 0)
          unsafe writer.copy(UnsafeRawBufferPointer(rebasing: frame[range]))
          packets.append(start..<writer.position)
        }
      }
      used = writer.position
    }
    return clock.frame(of: packet, bytes: bytes, packets: packets)
  }
}
