/// A parsed STUN message. Variable parts are ranges of the datagram it was read from.
struct STUNMessage {
  /// The two class bits of the message type (RFC 5389 §6).
  enum Class: UInt16 {
    case request = 0
    case indication = 1
    case success = 2
    case failure = 3
  }

  let messageClass: Class
  let method: UInt16
  let transaction: STUNTransactionID

  private(set) var username: Range<Int>?
  private(set) var priority: UInt32?
  private(set) var useCandidate = false
  private(set) var controlling: UInt64?
  private(set) var controlled: UInt64?
  private(set) var mappedAddress: SocketAddress?
  private(set) var errorCode: UInt16?
  /// A comprehension-required attribute that we do not know.
  private(set) var unknownAttribute: UInt16?
  /// Where the MESSAGE-INTEGRITY attribute starts. Everything behind it but FINGERPRINT is not covered and was ignored.
  private(set) var integrityOffset: Int?

  var isBindingRequest: Bool { messageClass == .request && method == STUN.bindingMethod }

  /// Reads a whole datagram. Only messages with a valid FINGERPRINT are taken: ICE always sends one (RFC 8445 §7.1.1).
  init(_ datagram: Span<UInt8>) throws(STUNError) {
    guard datagram.count >= STUN.headerLength else { throw .malformed }
    guard datagram.count <= STUN.maximumLength else { throw .tooLong }
    let type = datagram.bigEndian16(at: 0)
    let length = Int(datagram.bigEndian16(at: 2))
    guard type & 0xc000 == 0, length % 4 == 0, length &+ STUN.headerLength == datagram.count,
      datagram.bigEndian32(at: 4) == STUN.magicCookie,
      let messageClass = Class(rawValue: (type >> 4) & 1 | (type >> 7) & 2)
    else { throw .malformed }
    self.messageClass = messageClass
    method = type & 0x000f | (type >> 1) & 0x0070 | (type >> 2) & 0x0f80
    transaction = STUNTransactionID(high: datagram.bigEndian32(at: 8), low: datagram.bigEndian64(at: 12))
    try readAttributes(of: datagram)
  }

  private mutating func readAttributes(of datagram: Span<UInt8>) throws(STUNError) {
    var offset = STUN.headerLength
    while offset < datagram.count {
      guard offset &+ STUN.attributeHeaderLength <= datagram.count else { throw .malformed }
      let type = datagram.bigEndian16(at: offset)
      let start = offset &+ STUN.attributeHeaderLength
      let end = start &+ Int(datagram.bigEndian16(at: offset &+ 2))
      guard end <= datagram.count else { throw .malformed }
      if type == STUNAttribute.fingerprint.rawValue {
        // FINGERPRINT is the last attribute (RFC 5389 §15.5).
        guard end &- start == STUN.fingerprintLength, end == datagram.count,
          datagram.bigEndian32(at: start) == STUNFingerprint.value(of: datagram, upTo: offset)
        else { throw .badFingerprint }
        return
      }
      if integrityOffset == nil { try read(type, at: start..<end, of: datagram) }
      offset = (end &+ 3) & ~3
    }
    throw .badFingerprint
  }

  private mutating func read(_ type: UInt16, at range: Range<Int>, of datagram: Span<UInt8>) throws(STUNError) {
    guard let attribute = STUNAttribute(rawValue: type) else {
      if STUNAttribute.isComprehensionRequired(type), unknownAttribute == nil { unknownAttribute = type }
      return
    }
    switch attribute {
    case .username:
      guard range.count <= STUN.maximumUsernameLength else { throw .malformed }
      username = username ?? range
    case .messageIntegrity:
      guard range.count == STUN.integrityLength else { throw .malformed }
      integrityOffset = range.lowerBound &- STUN.attributeHeaderLength
    case .errorCode:
      guard range.count >= 4 else { throw .malformed }
      errorCode = UInt16(datagram[range.lowerBound &+ 2] & 7) &* 100 &+ UInt16(datagram[range.lowerBound &+ 3])
    case .xorMappedAddress:
      mappedAddress = STUNAddress.read(range, of: datagram, transaction: transaction)
    case .priority:
      guard range.count == 4 else { throw .malformed }
      priority = datagram.bigEndian32(at: range.lowerBound)
    case .useCandidate:
      useCandidate = true
    case .iceControlled:
      guard range.count == 8 else { throw .malformed }
      controlled = datagram.bigEndian64(at: range.lowerBound)
    case .iceControlling:
      guard range.count == 8 else { throw .malformed }
      controlling = datagram.bigEndian64(at: range.lowerBound)
    case .fingerprint, .unknownAttributes:
      break
    }
  }
}
