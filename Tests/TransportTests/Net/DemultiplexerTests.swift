import Testing

@testable import Transport

@Suite("Demultiplexing by the first bytes")
struct DemultiplexerTests {
  func kind(of datagram: [UInt8]) -> DatagramKind { DatagramKind(datagram.span) }

  @Test("every first byte has the kind of RFC 7983")
  func firstByte() {
    for byte in UInt8.min...UInt8.max {
      let expected: DatagramKind =
        switch byte {
        case 0...3: .stun
        case 20...63: .dtls
        case 128...191: .rtp
        default: .unknown
        }
      #expect(kind(of: [byte, 96]) == expected)
    }
  }

  @Test("RTCP is told from RTP by its packet type", arguments: UInt8.min...UInt8.max)
  func secondByte(byte: UInt8) {
    #expect(kind(of: [0x80, byte]) == ((192...223).contains(byte | 0x80) ? .rtcp : .rtp))
  }

  @Test("less than two bytes are nothing")
  func short() {
    #expect(kind(of: []) == .unknown)
    #expect(kind(of: [0x80]) == .unknown)
  }
}
