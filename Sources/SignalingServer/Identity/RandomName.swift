/// Names that nobody can guess.
enum RandomName {
  /// 128 random bits in the URL-safe base-64 alphabet, behind a prefix that tells people what it names.
  static func make(_ prefix: String = "") -> String {
    var generator = SystemRandomNumberGenerator()
    var bits = [generator.next(), generator.next()]
    var name = prefix
    for _ in 0..<22 {
      name.append(alphabet[Int(bits[1] & 63)])
      bits[1] = bits[1] >> 6 | bits[0] << 58
      bits[0] >>= 6
    }
    return name
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}
