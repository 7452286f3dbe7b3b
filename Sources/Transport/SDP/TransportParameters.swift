/// What this side says of its ICE and DTLS in SDP.
struct LocalTransport: Sendable {
  var ufrag: String
  var password: String
  /// SHA-256 of the certificate, as upper-case hexadecimal bytes with colons between.
  var fingerprint: String
  var candidates: [ICECandidate]
  var isLite: Bool

  func write(into attributes: inout [SDPAttribute], setup: String) {
    attributes.add("ice-ufrag", ufrag)
    attributes.add("ice-pwd", password)
    attributes.add("ice-options", "trickle")
    attributes.add("fingerprint", "sha-256 \(fingerprint)")
    attributes.add("setup", setup)
  }

  func writeCandidates(into attributes: inout [SDPAttribute]) {
    for candidate in candidates { attributes.add("candidate", candidate.attribute) }
    attributes.add("end-of-candidates")
  }
}

/// What the peer says of its ICE and DTLS.
struct RemoteTransport: Sendable, Equatable {
  var ufrag: String
  var password: String
  /// The 32 bytes of SHA-256 the certificate must have.
  var fingerprint: [UInt8]
  /// The value of `a=setup`.
  var setup: String
  var candidates: [ICECandidate]
  var isLite: Bool
  var endOfCandidates: Bool

  private static let maximumCandidates = 64

  /// From the section that carries the bundle's transport, with the session's attributes where it has none.
  init(section: MediaDescription, session: SessionDescription) throws(NegotiationError) {
    func value(_ name: String) -> String? { section.attributes.first(name) ?? session.attributes.first(name) }
    guard let ufrag = value("ice-ufrag"), let password = value("ice-pwd"),
      ICECredentials.isUfrag(ufrag), ICECredentials.isPassword(password)
    else { throw .noICECredentials }
    let own = section.attributes.all("fingerprint")
    let lines = own.isEmpty ? session.attributes.all("fingerprint") : own
    guard let fingerprint = lines.lazy.compactMap(Self.parseFingerprint).first else { throw .noFingerprint }
    self.ufrag = ufrag
    self.password = password
    self.fingerprint = fingerprint
    setup = value("setup") ?? "actpass"
    candidates = Array(
      section.attributes.all("candidate").prefix(Self.maximumCandidates).compactMap(ICECandidate.init(attribute:)))
    isLite = session.attributes.has("ice-lite")
    endOfCandidates = section.attributes.has("end-of-candidates") || session.attributes.has("end-of-candidates")
  }

  /// `sha-256 AB:CD:…`; other hash functions are passed over.
  static func parseFingerprint(_ value: String) -> [UInt8]? {
    let words = value.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "sha-256" else { return nil }
    let pairs = words[1].split(separator: ":", omittingEmptySubsequences: false)
    guard pairs.count == 32 else { return nil }
    let bytes = pairs.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
    return bytes.count == 32 ? bytes : nil
  }
}

/// The sizes and characters of RFC 8839 §5.4.
enum ICECredentials {
  static func isUfrag(_ text: String) -> Bool { (4...256).contains(text.utf8.count) && isICEText(text) }
  static func isPassword(_ text: String) -> Bool { (22...256).contains(text.utf8.count) && isICEText(text) }

  /// Letters, digits, `+` and `/`; also `-`, `_` and `=`, which some senders use against the rule.
  private static func isICEText(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
      default: "+/-_=".utf8.contains(byte)
      }
    }
  }
}
