/// What the first bytes of a datagram say it is (RFC 7983 §7, RFC 5761 §4).
enum DatagramKind: Equatable {
  case stun
  case dtls
  case rtp
  case rtcp
  case unknown

  init(_ datagram: Span<UInt8>) {
    guard datagram.count >= 2 else {
      self = .unknown
      return
    }
    switch datagram[0] {
    case 0...3: self = .stun
    case 20...63: self = .dtls
    case 128...191:
      // Payload types 64...95 with the marker bit are RTCP packet types 192...223.
      self = (64...95).contains(datagram[1] & 0x7f) ? .rtcp : .rtp
    default: self = .unknown
    }
  }
}
