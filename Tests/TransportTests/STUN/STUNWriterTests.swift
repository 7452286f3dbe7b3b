import Testing

@testable import Transport

@Suite("STUN messages written and read back")
struct STUNWriterTests {
  let transaction = STUNTransactionID(high: 0x0102_0304, low: 0x1122_3344_5566_7788)
  let password = Array("a password of the right size".utf8)

  @Test("a check carries everything it was given")
  func check() throws {
    var writer = STUNWriter(.request, transaction: transaction)
    writer.append(.username, Array("remote:local".utf8))
    writer.append(.iceControlling, UInt64(0xfedc_ba98_7654_3210))
    writer.append(.priority, UInt32(0x7eff_ffff))
    writer.append(.useCandidate)
    let datagram = writer.finished(password: password)
    let message = try read(datagram)
    #expect(message.isBindingRequest)
    #expect(message.transaction == transaction)
    #expect(message.controlling == 0xfedc_ba98_7654_3210)
    #expect(message.priority == 0x7eff_ffff)
    #expect(message.useCandidate)
    #expect(isValid(message, in: datagram, password: password))
  }

  @Test("an error says its code", arguments: [400, 420, 487])
  func errorCode(code: UInt16) throws {
    var writer = STUNWriter(.failure, transaction: transaction)
    writer.appendErrorCode(code, reason: "Reason")
    let message = try read(writer.finished(password: password))
    #expect(message.messageClass == .failure)
    #expect(message.errorCode == code)
  }

  @Test("mapped addresses of both families come back", arguments: ["203.0.113.9:1", "[2001:db8::f00]:65535"])
  func address(text: String) throws {
    let address = try #require(SocketAddress(text))
    var writer = STUNWriter(.success, transaction: transaction)
    writer.append(.xorMappedAddress, STUNAddress.write(address, transaction: transaction))
    let message = try read(writer.finished(password: password))
    #expect(message.mappedAddress == address)
  }

  @Test("attributes behind the integrity are not believed")
  func behindIntegrity() throws {
    var writer = STUNWriter(.request, transaction: transaction)
    writer.append(.username, Array("a:b".utf8))
    writer.append(.messageIntegrity, [UInt8](repeating: 0, count: 20))
    writer.append(.useCandidate)
    let message = try read(writer.finished(password: password))
    #expect(!message.useCandidate)
  }

  @Test("an unknown attribute that must be understood is noticed")
  func unknownAttribute() throws {
    // ALTERNATE-SERVER of RFC 5389 is 0x8023 and optional; 0x7fff means nothing and is required.
    for (type, expected) in [(UInt16(0x8023), UInt16?.none), (0x7fff, 0x7fff)] {
      var bytes: [UInt8] = []
      bytes.appendBigEndian(UInt16(1))
      bytes.appendBigEndian(UInt16(12))
      bytes.appendBigEndian(STUN.magicCookie)
      bytes += [UInt8](repeating: 7, count: 12)
      bytes.appendBigEndian(type)
      bytes.appendBigEndian(UInt16(0))
      let crc = STUNFingerprint.value(of: bytes.span, upTo: bytes.count)
      bytes.appendBigEndian(STUNAttribute.fingerprint.rawValue)
      bytes.appendBigEndian(UInt16(4))
      bytes.appendBigEndian(crc)
      #expect(try read(bytes).unknownAttribute == expected)
    }
  }
}
