/// Writes one STUN message: header, attributes in the order of the calls, then integrity and fingerprint.
struct STUNWriter {
  private var bytes: [UInt8] = []

  init(_ messageClass: STUNMessage.Class, transaction: STUNTransactionID) {
    bytes.reserveCapacity(160)
    // Binding is method 1, so only the two class bits have to be spread (RFC 5389 §6).
    bytes.appendBigEndian(STUN.bindingMethod | (messageClass.rawValue & 1) << 4 | (messageClass.rawValue & 2) << 7)
    bytes.appendBigEndian(UInt16(0))
    bytes.appendBigEndian(STUN.magicCookie)
    bytes.appendBigEndian(transaction.high)
    bytes.appendBigEndian(transaction.low)
  }

  mutating func append(_ attribute: STUNAttribute, _ value: [UInt8] = []) {
    bytes.appendBigEndian(attribute.rawValue)
    bytes.appendBigEndian(UInt16(truncatingIfNeeded: value.count))
    bytes += value
    while bytes.count % 4 != 0 { bytes.append(0) }
    setLength(bytes.count)
  }

  mutating func append(_ attribute: STUNAttribute, _ value: some FixedWidthInteger & UnsignedInteger) {
    var content: [UInt8] = []
    content.appendBigEndian(value)
    append(attribute, content)
  }

  mutating func appendErrorCode(_ code: UInt16, reason: String) {
    append(
      .errorCode, [0, 0, UInt8(truncatingIfNeeded: code / 100), UInt8(truncatingIfNeeded: code % 100)] + reason.utf8)
  }

  /// Closes the message with MESSAGE-INTEGRITY and FINGERPRINT.
  consuming func finished(password: [UInt8]) -> [UInt8] {
    append(.messageIntegrity, STUNIntegrity.value(of: bytes.span, upTo: bytes.count, password: password))
    let end = bytes.count
    setLength(end + STUN.attributeHeaderLength + STUN.fingerprintLength)
    append(.fingerprint, STUNFingerprint.value(of: bytes.span, upTo: end))
    return bytes
  }

  private mutating func setLength(_ total: Int) {
    let length = total - STUN.headerLength
    bytes[2] = UInt8(truncatingIfNeeded: length >> 8)
    bytes[3] = UInt8(truncatingIfNeeded: length)
  }
}
