/// The CRC-32 of ITU V.42 over the message up to the FINGERPRINT attribute (RFC 5389 §15.5).
enum STUNFingerprint {
  static func value(of message: Span<UInt8>, upTo end: Int) -> UInt32 {
    var crc: UInt32 = ~0
    for index in 0..<end { crc = (crc >> 8) ^ table[Int((crc ^ UInt32(message[index])) & 0xff)] }
    return ~crc ^ STUN.fingerprintMask
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
  }
}
