import MixCore

/// One payload type of an m-section: `a=rtpmap`, its `a=fmtp` and its `a=rtcp-fb`.
struct RTPCodec: Sendable, Equatable {
  var payloadType: UInt8
  /// Lower case; names are compared without case (RFC 4855 §3).
  var name: String
  var clockRate: Int
  var channels: Int
  /// The whole value of `a=fmtp`, echoed in answers.
  var parameters: String
  var feedback: FeedbackKinds

  /// The value of `key=value` in the format parameters.
  func parameter(_ key: String) -> Substring? {
    for pair in parameters.split(separator: ";") {
      let words = pair.split(separator: "=", maxSplits: 1)
      let name = words.first?.trimmingSpaces()
      if name?.lowercased() == key { return words.count == 2 ? words[1].trimmingSpaces() : "" }
    }
    return nil
  }

  /// For `rtx`, the payload type it repairs (RFC 4588 §8.1).
  var associatedPayloadType: UInt8? {
    name == "rtx" ? parameter("apt").flatMap { UInt8($0) } : nil
  }

  func matches(_ codec: VideoCodec) -> Bool {
    guard clockRate == 90_000 else { return false }
    switch codec {
    case .vp8: return name == "vp8"
    case .h264: return name == "h264" && parameter("packetization-mode") == "1" && h264Profile != nil
    }
  }

  /// Repeats packets of `payloadType` and of no other (RFC 2198 §5).
  func repeats(_ payloadType: UInt8) -> Bool {
    guard name == "red", clockRate == 48_000, channels == 2 else { return false }
    let types = parameters.split(separator: "/")
    return !types.isEmpty && types.allSatisfy { UInt8($0) == payloadType }
  }

  /// Another form of a codec, none by itself.
  var isAuxiliary: Bool { name == "rtx" || name == "red" }

  var isOpus: Bool { name == "opus" && clockRate == 48_000 && channels == 2 }

  /// The three bytes of profile-level-id (RFC 6184 §8.1); absent, it is baseline level 1.
  var h264Profile: H264Profile? {
    guard let text = parameter("profile-level-id") else { return .baseline }
    guard text.utf8.count == 6, let bits = UInt32(text, radix: 16) else { return nil }
    return H264Profile(profileLevelID: bits)
  }
}

/// The H.264 profiles a decoder of ours and a browser's can be relied on for, worst first.
enum H264Profile: Int, Comparable {
  case baseline
  case constrainedBaseline
  case main
  case high

  init?(profileLevelID bits: UInt32) {
    let constraints = UInt8(truncatingIfNeeded: bits >> 8)
    switch UInt8(truncatingIfNeeded: bits >> 16) {
    case 0x42: self = constraints & 0x40 != 0 ? .constrainedBaseline : .baseline
    case 0x4d: self = constraints & 0x80 != 0 ? .constrainedBaseline : .main
    case 0x64: self = .high
    default: return nil
    }
  }

  static func < (lhs: H264Profile, rhs: H264Profile) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension MediaDescription {
  /// The codecs of this section in the order of its m-line.
  var codecs: [RTPCodec] {
    let maps = attributes.all("rtpmap")
    let parameters = attributes.all("fmtp")
    let feedback = attributes.all("rtcp-fb")
    return formats.compactMap { format in
      guard let type = UInt8(format), type < 128 else { return nil }
      guard let map = Self.value(of: format, in: maps) else { return nil }
      let words = map.split(separator: "/")
      guard words.count >= 2, let rate = Int(words[1]) else { return nil }
      return RTPCodec(
        payloadType: type, name: words[0].lowercased(), clockRate: rate,
        channels: words.count > 2 ? Int(words[2]) ?? 1 : 1,
        parameters: Self.value(of: format, in: parameters).map(String.init) ?? "",
        feedback: Self.feedback(of: format, in: feedback))
    }
  }

  /// What follows `format ` in the first of `lines` that begins with it.
  private static func value(of format: String, in lines: [String]) -> Substring? {
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2, words[0] == format { return words[1].trimmingSpaces() }
    }
    return nil
  }

  private static func feedback(of format: String, in lines: [String]) -> FeedbackKinds {
    var kinds: FeedbackKinds = []
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, words[0] == format || words[0] == "*" else { continue }
      let text = words[1].trimmingSpaces()
      for (kind, word) in FeedbackKinds.words where text == word { kinds.insert(kind) }
    }
    return kinds
  }
}

extension Substring {
  func trimmingSpaces() -> Substring {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return Substring(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
