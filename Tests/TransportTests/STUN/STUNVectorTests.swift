import Testing

@testable import Transport

/// The samples of RFC 5769 §2.
@Suite("STUN test vectors of RFC 5769")
struct STUNVectorTests {
  static let password = Array("VOkJxbRl1RmTxUk/WvJxBt".utf8)

  static let request = hex(
    """
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74 00240004 6e0001ff
    80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249
    c1b571a2 80280004 e57a3bcf
    """)
  static let ipv4Response = hex(
    """
    0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643
    00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96
    """)
  static let ipv6Response = hex(
    """
    01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200014 0002a147 0113a9fa
    a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c
    """)

  @Test("the sample request is read and its integrity holds")
  func sampleRequest() throws {
    let message = try read(Self.request)
    #expect(message.isBindingRequest)
    #expect(message.priority == 0x6e00_01ff)
    #expect(message.controlled == 0x932f_f9b1_5126_3b36)
    let username = try #require(message.username)
    #expect(String(decoding: Self.request[username], as: UTF8.self) == "evtj:h6vY")
    #expect(isValid(message, in: Self.request, password: Self.password))
    #expect(!isValid(message, in: Self.request, password: Array("wrong".utf8)))
  }

  @Test(
    "the sample responses are read and their integrity holds",
    arguments: [
      (ipv4Response, "192.0.2.1:32853"), (ipv6Response, "[2001:db8:1234:5678:11:2233:4455:6677]:32853"),
    ])
  func sampleResponse(datagram: [UInt8], address: String) throws {
    let message = try read(datagram)
    #expect(message.messageClass == .success)
    #expect(message.mappedAddress?.description == address)
    #expect(isValid(message, in: datagram, password: Self.password))
  }

  @Test("no message survives the change of any one byte")
  func everyByteCounts() {
    for index in Self.request.indices {
      var changed = Self.request
      changed[index] ^= 0x40
      #expect(throws: STUNError.self) { _ = try read(changed) }
    }
  }

  @Test("no message survives the loss of its end")
  func truncation() {
    for count in 0..<Self.request.count {
      let truncated = Array(Self.request.prefix(count))
      #expect(throws: STUNError.self) { _ = try read(truncated) }
    }
  }
}
