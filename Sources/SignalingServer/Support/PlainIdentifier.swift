extension String {
  /// 1 to 64 of `A–Z a–z 0–9 _ -`: what somebody else's software may call something of its own.
  var isPlainIdentifier: Bool {
    (1...64).contains(utf8.count)
      && utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
          || byte == 0x2D
      }
  }
}
