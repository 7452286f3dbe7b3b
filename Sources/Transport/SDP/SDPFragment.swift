/// The body of a trickle or restart PATCH, `application/trickle-ice-sdpfrag` (RFC 8840 §9).
struct SDPFragment: Sendable, Equatable {
  static let maximumBytes = 8 << 10
  private static let maximumLines = 200

  var ufrag: String?
  var password: String?
  var mid: String?
  var candidates: [ICECandidate] = []
  var endOfCandidates = false

  /// Neither candidates nor their end.
  var hasOnlyCredentials: Bool { candidates.isEmpty && !endOfCandidates }

  init() {}

  init(parsing text: String) throws(NegotiationError) {
    guard text.utf8.count <= Self.maximumBytes else { throw .tooLarge }
    let lines = text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d })
    guard lines.count <= Self.maximumLines else { throw .tooLarge }
    for line in lines {
      guard line.starts(with: "a=".utf8) else { continue }
      try take(SDPAttribute(parsing: Substring(line.dropFirst(2))))
    }
    guard (ufrag == nil) == (password == nil) else { throw .noICECredentials }
  }

  private mutating func take(_ attribute: SDPAttribute) throws(NegotiationError) {
    switch attribute.name {
    case "ice-ufrag":
      guard ICECredentials.isUfrag(attribute.value) else { throw .noICECredentials }
      ufrag = attribute.value
    case "ice-pwd":
      guard ICECredentials.isPassword(attribute.value) else { throw .noICECredentials }
      password = attribute.value
    case "mid": mid = mid ?? attribute.value
    case "candidate":
      if let candidate = ICECandidate(attribute: attribute.value) { candidates.append(candidate) }
    case "end-of-candidates": endOfCandidates = true
    default: break
    }
  }

  var text: String {
    var attributes: [SDPAttribute] = []
    if let ufrag { attributes.add("ice-ufrag", ufrag) }
    if let password { attributes.add("ice-pwd", password) }
    var text = ""
    for attribute in attributes { attribute.write(into: &text) }
    guard mid != nil || !candidates.isEmpty || endOfCandidates else { return text }
    // RFC 8840 §9: candidates stand in a section, whose m-line says nothing.
    text += "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
    var section: [SDPAttribute] = []
    if let mid { section.add("mid", mid) }
    for candidate in candidates { section.add("candidate", candidate.attribute) }
    if endOfCandidates { section.add("end-of-candidates") }
    for attribute in section { attribute.write(into: &text) }
    return text
  }
}
