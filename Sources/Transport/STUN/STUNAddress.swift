/// The value of XOR-MAPPED-ADDRESS (RFC 5389 §15.2): zero, family, port and address, both masked with cookie and
/// transaction id so that rewriting middle boxes do not find them.
enum STUNAddress {
  private static let familyIPv4: UInt8 = 1
  private static let familyIPv6: UInt8 = 2

  static func read(_ range: Range<Int>, of datagram: Span<UInt8>, transaction: STUNTransactionID) -> SocketAddress? {
    guard range.count >= 8 else { return nil }
    let start = range.lowerBound
    let port = datagram.bigEndian16(at: start &+ 2) ^ UInt16(STUN.magicCookie >> 16)
    switch (datagram[start &+ 1], range.count) {
    case (familyIPv4, 8):
      return SocketAddress(ipv4: datagram.bigEndian32(at: start &+ 4) ^ STUN.magicCookie, port: port)
    case (familyIPv6, 20):
      let high = datagram.bigEndian64(at: start &+ 4) ^ highMask(transaction)
      return SocketAddress(ipv6: high, datagram.bigEndian64(at: start &+ 12) ^ transaction.low, port: port)
    default:
      return nil
    }
  }

  static func write(_ address: SocketAddress, transaction: STUNTransactionID) -> [UInt8] {
    var value: [UInt8] = [0, address.isIPv6 ? familyIPv6 : familyIPv4]
    value.appendBigEndian(address.port ^ UInt16(STUN.magicCookie >> 16))
    if let ipv4 = address.ipv4 {
      value.appendBigEndian(ipv4 ^ STUN.magicCookie)
    } else {
      value.appendBigEndian(address.high ^ highMask(transaction))
      value.appendBigEndian(address.low ^ transaction.low)
    }
    return value
  }

  private static func highMask(_ transaction: STUNTransactionID) -> UInt64 {
    UInt64(STUN.magicCookie) << 32 | UInt64(transaction.high)
  }
}
