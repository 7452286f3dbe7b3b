/// What came out of an offer and an answer.
struct Negotiated: Sendable {
  /// One entry per m-section, in order.
  var media: [NegotiatedMedia]
  var remote: RemoteTransport
  /// True if this side starts the DTLS handshake.
  var isDTLSClient: Bool
  /// Our answer; empty when it was the peer that answered.
  var text: String
}

/// Offer and answer (RFC 3264, RFC 8829) for sessions that bundle everything on one transport.
enum Negotiation {
  /// Answers `offer`: each of its sections takes the first unused intent of its kind that fits its direction; a section
  /// without one is refused.
  static func answer(
    offer text: String, intents: [MediaIntent], local: LocalTransport, random: inout some RandomNumberGenerator
  ) throws(NegotiationError) -> Negotiated {
    let offer = try SessionDescription(parsing: text)
    let matches = try SectionMatcher.match(offer, intents: intents)
    let remote = try RemoteTransport(section: carrier(of: offer, matches: matches), session: offer)
    let isDTLSClient = try startsHandshake(offered: remote.setup)
    var identifiers = SourceIdentifiers(random: &random)
    let media = zip(offer.media, matches).map { identifiers.assign(to: $1.media, offered: $0) }
    let answer = AnswerWriter(offer: offer, local: local, isDTLSClient: isDTLSClient, sessionID: identifiers.sessionID)
    return Negotiated(
      media: media, remote: remote, isDTLSClient: isDTLSClient, text: answer.write(matches: matches, media: media))
  }

  /// The section that describes the bundle's transport: bundle-only sections need not repeat it (RFC 8829 §5.2.1).
  private static func carrier(
    of offer: SessionDescription, matches: [SectionMatch]
  ) throws(NegotiationError) -> MediaDescription {
    let accepted = zip(offer.media, matches).filter { !$1.isRejected }.map(\.0)
    guard let first = accepted.first else { throw .noMedia }
    let describes: (MediaDescription) -> Bool = { $0.attributes.has("ice-ufrag") }
    return accepted.first(where: describes) ?? offer.media.first(where: describes) ?? first
  }

  /// RFC 8842 §5.3: we let the peer start whenever we may choose, as it knows first that its path works.
  private static func startsHandshake(offered setup: String) throws(NegotiationError) -> Bool {
    switch setup {
    case "actpass", "active": return false
    case "passive": return true
    default: throw .setupUnsupported
    }
  }
}

/// Draws SSRCs that differ from each other and from 0.
struct SourceIdentifiers {
  /// Positive, so that every parser takes it as a number.
  let sessionID: String
  private var pool: [UInt32]

  /// Draws enough for the greatest number of sections.
  init(random: inout some RandomNumberGenerator) {
    sessionID = String(random.next() >> 2 | 1)
    var drawn: Set<UInt32> = []
    while drawn.count < SessionDescription.Limit.sections * 2 {
      drawn.insert(UInt32.random(in: 1 ... .max, using: &random))
    }
    pool = drawn.sorted()
    pool.shuffle(using: &random)
  }

  mutating func assign(to media: NegotiatedMedia, offered section: MediaDescription?) -> NegotiatedMedia {
    guard !media.rejected else { return media }
    var media = media
    media.localSSRC = pool.popLast()
    if media.direction == .send, media.rtxPayloadType != nil { media.localRTXSSRC = pool.popLast() }
    for (index, _) in media.layers.enumerated() where media.direction == .send {
      let repair = index == 0 ? media.localRTXSSRC : media.rtxPayloadType == nil ? nil : pool.popLast()
      guard let ssrc = index == 0 ? media.localSSRC : pool.popLast() else { continue }
      media.layerSources.append(LayerSource(ssrc: ssrc, repair: repair))
    }
    if let section, media.direction == .receive { media.takeSources(from: section) }
    return media
  }
}

extension NegotiatedMedia {
  /// Reads `a=ssrc`, `a=ssrc-group:FID` (RFC 5576) and `a=msid` of what the peer sends.
  mutating func takeSources(from section: MediaDescription) {
    let sources = section.attributes.all("ssrc").compactMap { UInt32($0.prefix { $0 != " " }) }
    let pair = section.attributes.all("ssrc-group").lazy
      .map { $0.split(separator: " ") }
      .first { $0.count == 3 && $0[0] == "FID" }
    if let pair, let source = UInt32(pair[1]), let repair = UInt32(pair[2]) {
      remoteSSRC = source
      remoteRTXSSRC = rtxPayloadType == nil ? nil : repair
    } else {
      remoteSSRC = sources.first
    }
    let stream = section.attributes.first("msid")?.split(separator: " ").first.map(String.init)
    remoteStreamID = stream == "-" ? nil : stream
  }
}
