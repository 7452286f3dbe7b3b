/// Offers of which nothing but the sound is wanted.
enum SoundOnly {
  /// The offer with every section refused that is not sound (RFC 3264 §6): the worker never gets what would be in it.
  static func offer(_ offer: String) -> String {
    var isSound = true
    // Bytes, and these ends of lines, as the worker reads them.
    return offer.utf8.split { $0 == 0x0A || $0 == 0x0D }.reduce(into: "") { result, bytes in
      var line = String(Substring(bytes))
      if bytes.starts(with: "m=".utf8) {
        isSound = isAudio(bytes)
        if !isSound { line = refused(bytes) }
      }
      // It would say that port 0 means something else (RFC 8843 §6).
      if !isSound, bytes.starts(with: "a=bundle-only".utf8) { return }
      result += line + "\r\n"
    }
  }

  private static func words(_ section: Substring.UTF8View) -> [Substring] {
    Substring(section.dropFirst(2)).split(separator: " ")
  }

  private static func isAudio(_ section: Substring.UTF8View) -> Bool { words(section).first == "audio" }

  /// `m=video 9 …` with port 0.
  private static func refused(_ section: Substring.UTF8View) -> String {
    var parts = words(section)
    if parts.count > 1 { parts[1] = "0" }
    return "m=" + parts.joined(separator: " ")
  }
}
