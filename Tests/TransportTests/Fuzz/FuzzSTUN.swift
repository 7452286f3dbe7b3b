@testable import Transport

/// Reads the bytes as they are, and with the header and the fingerprint put right so that the attributes are reached.
func fuzzSTUN(_ input: [UInt8]) {
  readAll(input)
  guard input.count >= STUN.headerLength, input.count <= STUN.maximumLength - 8 else { return }
  var repaired = input
  while repaired.count % 4 != 0 { repaired.append(0) }
  let length = UInt16(truncatingIfNeeded: repaired.count + 8 - STUN.headerLength)
  repaired.replaceSubrange(
    0..<8, with: [input[0] & 1, 1, UInt8(length >> 8), UInt8(length & 255), 0x21, 0x12, 0xa4, 0x42])
  let fingerprint = STUNFingerprint.value(of: repaired.span, upTo: repaired.count)
  repaired.appendBigEndian(STUNAttribute.fingerprint.rawValue)
  repaired.appendBigEndian(UInt16(4))
  repaired.appendBigEndian(fingerprint)
  readAll(repaired)
}

private func readAll(_ datagram: [UInt8]) {
  _ = DatagramKind(datagram.span)
  guard let message = try? STUNMessage(datagram.span) else { return }
  _ = STUNIntegrity.isValid(message, in: datagram.span, password: [1, 2, 3])
  _ = message.mappedAddress?.description
  if let username = message.username { _ = datagram.span.elementsEqual([0x61, 0x3a], in: username) }
  _ = unsafe datagram.withUnsafeBytes { unsafe RTCSession.localUfrag(ofBindingRequest: $0) }
}
