/// What names and passwords of accounts look like.
enum AccountRules {
  static func name(_ raw: String) throws(APIError) -> String {
    let bytes = raw.utf8
    guard (4...24).contains(bytes.count), bytes.allSatisfy(isAllowed), !bytes.allSatisfy(isDigit) else {
      throw .accountName
    }
    return raw
  }

  static func password(_ raw: String) throws(APIError) -> String {
    guard raw.utf8.count <= 256, (8...64).contains(raw.count) else { throw .accountPassword }
    return raw
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
