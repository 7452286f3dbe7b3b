import COpenSSL

/// MESSAGE-INTEGRITY with short-term credentials (RFC 5389 §15.4): HMAC-SHA1 keyed with the ICE password over the
/// message up to the attribute, with a header length that ends at the attribute.
enum STUNIntegrity {
  static func isValid(_ message: STUNMessage, in datagram: Span<UInt8>, password: [UInt8]) -> Bool {
    guard let offset = message.integrityOffset, !password.isEmpty else { return false }
    let expected = value(of: datagram, upTo: offset, password: password)
    var difference: UInt8 = expected.count == STUN.integrityLength ? 0 : 1
    // Every byte is compared, so that the time taken says nothing about how much matched.
    for (index, byte) in expected.enumerated() {
      difference |= byte ^ datagram[offset &+ STUN.attributeHeaderLength &+ index]
    }
    return difference == 0
  }

  /// - Parameter end: where the attribute starts.
  static func value(of message: Span<UInt8>, upTo end: Int, password: [UInt8]) -> [UInt8] {
    var covered = [UInt8]()
    covered.reserveCapacity(end)
    for index in 0..<end { covered.append(message[index]) }
    let length = end &- STUN.headerLength &+ STUN.attributeHeaderLength &+ STUN.integrityLength
    covered[2] = UInt8(truncatingIfNeeded: length >> 8)
    covered[3] = UInt8(truncatingIfNeeded: length)
    return hmacSHA1(key: password, covered)
  }

  private static func hmacSHA1(key: [UInt8], _ content: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: STUN.integrityLength)
    var length: UInt32 = 0
    let result = unsafe key.withUnsafeBytes { key in
      unsafe content.withUnsafeBufferPointer { content in
        unsafe digest.withUnsafeMutableBufferPointer { digest in
          unsafe HMAC(
            EVP_sha1(), key.baseAddress, Int32(key.count), content.baseAddress, content.count, digest.baseAddress,
            &length)
        }
      }
    }
    return unsafe result != nil && length == UInt32(STUN.integrityLength) ? digest : []
  }
}
