/// The readable part of a protected RTP packet (RFC 3711 §3.1).
public struct RTPSighting: Sendable, Equatable {
  public let payloadType: UInt8
  public let sequence: UInt16
  public let timestamp: UInt32
  public let ssrc: UInt32

  /// `nil` for anything else than RTP (RFC 7983 §7, RFC 5761 §4).
  public init?(_ datagram: [UInt8]) {
    guard datagram.count >= 12, datagram[0] >> 6 == 2, !(192...223).contains(datagram[1]) else { return nil }
    payloadType = datagram[1] & 0x7f
    sequence = UInt16(datagram[2]) << 8 | UInt16(datagram[3])
    timestamp = datagram[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
    ssrc = datagram[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
