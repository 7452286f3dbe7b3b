import MixCore

/// One section of an offer beside what was decided for it.
struct SectionMatch {
  var media: NegotiatedMedia
  var intent: MediaIntent?
  var codec: RTPCodec?
  var repair: RTPCodec?
  var redundancy: RTPCodec?

  var isRejected: Bool { media.rejected }
}

/// Decides which sections of an offer are taken, with which codec and extensions.
struct SectionMatcher {
  private let bundle: Set<Substring>
  private var intents: [MediaIntent]
  /// The reasons met on the way, told when nothing at all can be taken.
  private var sawInsecureProfile = false
  private var sawUnknownCodec = false
  private var sawNoMux = false
  private var sawUnbundled = false

  static func match(_ offer: SessionDescription, intents: [MediaIntent]) throws(NegotiationError) -> [SectionMatch] {
    try checkIdentifiers(offer)
    var matcher = SectionMatcher(offer, intents: intents)
    var matches: [SectionMatch] = []
    for section in offer.media { matches.append(matcher.match(section, alone: offer.media.count == 1)) }
    if matches.allSatisfy(\.isRejected) { throw matcher.reason }
    return matches
  }

  /// MIDs are unique, short enough for the header extension, and words that may stand in our answer.
  private static func checkIdentifiers(_ offer: SessionDescription) throws(NegotiationError) {
    var seen: Set<String> = []
    for section in offer.media {
      guard let mid = section.mid else {
        if offer.media.count > 1 { throw .noBundle }
        continue
      }
      guard ExtensionToken(mid) != nil, mid.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), seen.insert(mid).inserted
      else { throw .malformed }
    }
  }

  private init(_ offer: SessionDescription, intents: [MediaIntent]) {
    bundle = Set(offer.bundles.first ?? [])
    self.intents = intents
  }

  private var reason: NegotiationError {
    if sawUnknownCodec { return .noCommonCodec }
    if sawNoMux { return .noRTCPMux }
    if sawUnbundled { return .noBundle }
    return sawInsecureProfile ? .profileUnsupported : .noMedia
  }

  private mutating func match(_ section: MediaDescription, alone: Bool) -> SectionMatch {
    let kind = MediaIntent.Kind(rawValue: section.kind)
    let mid = section.mid ?? ""
    let refusal = SectionMatch(media: .rejected(kind: kind ?? .video, mid: mid))
    guard let kind, !section.isRefused, let index = intentIndex(for: section, kind: kind) else { return refusal }
    guard section.profile == MediaDescription.secureProfile else {
      sawInsecureProfile = true
      return refusal
    }
    guard section.attributes.has("rtcp-mux") else {
      sawNoMux = true
      return refusal
    }
    let codecs = section.codecs
    guard let (codec, videoCodec) = Self.choose(from: codecs, for: intents[index]) else {
      sawUnknownCodec = true
      return refusal
    }
    guard alone || bundle.contains(Substring(mid)) else {
      sawUnbundled = true
      return refusal
    }
    let intent = intents.remove(at: index)
    let repair = codecs.first { $0.associatedPayloadType == codec.payloadType }
    let redundancy = kind == .audio ? codecs.first { $0.repeats(codec.payloadType) } : nil
    var media = NegotiatedMedia(
      kind: kind, direction: intent.direction, mid: mid, videoCodec: videoCodec, payloadType: codec.payloadType,
      rtxPayloadType: repair?.payloadType, redPayloadType: redundancy?.payloadType, rejected: false,
      feedback: codec.feedback, extensions: section.headerExtensions)
    if kind == .audio || intent.direction == .receive { media.extensions[.playoutDelay] = 0 }
    if kind == .video, intent.direction == .receive {
      media.layers = Simulcast.layers(of: section, direction: .send, payloadType: codec.payloadType)
    }
    return SectionMatch(media: media, intent: intent, codec: codec, repair: repair, redundancy: redundancy)
  }

  /// The first unused intent this section's direction allows.
  private func intentIndex(for section: MediaDescription, kind: MediaIntent.Kind) -> Int? {
    intents.firstIndex { intent in
      guard intent.kind == kind else { return false }
      return intent.direction == .send ? section.offersToReceive : section.offersToSend
    }
  }

  /// By our preference, not the offer's. Of several H.264 profiles we send the best that can be decoded, and receive
  /// what every sender encodes well.
  static func choose(from codecs: [RTPCodec], for intent: MediaIntent) -> (RTPCodec, VideoCodec?)? {
    if intent.kind == .audio { return codecs.first(where: \.isOpus).map { ($0, nil) } }
    for wanted in intent.videoCodecs {
      let fitting = codecs.filter { $0.matches(wanted) }
      guard let first = fitting.first else { continue }
      if wanted != .h264 { return (first, wanted) }
      if intent.direction == .receive {
        return (fitting.first { $0.h264Profile == .constrainedBaseline } ?? first, wanted)
      }
      var best = first
      for codec in fitting {
        if let profile = codec.h264Profile, let known = best.h264Profile, profile > known { best = codec }
      }
      return (best, wanted)
    }
    return nil
  }
}

extension MediaDescription {
  private var directionWord: String {
    for word in ["sendonly", "recvonly", "inactive"] where attributes.has(word) { return word }
    return "sendrecv"
  }

  var offersToSend: Bool { ["sendonly", "sendrecv"].contains(directionWord) }
  var offersToReceive: Bool { ["recvonly", "sendrecv"].contains(directionWord) }

  /// `a=extmap:ID[/direction] URI …` of the extensions known here; the one-byte form ends at number 14.
  var headerExtensions: HeaderExtensionMap {
    var map = HeaderExtensionMap()
    for value in attributes.all("extmap") {
      let words = value.split(separator: " ")
      guard words.count >= 2, let kind = HeaderExtension(rawValue: String(words[1])),
        let id = UInt8(words[0].prefix { $0 != "/" }), (1...14).contains(id), map.kind(of: id) == nil,
        kind != .playoutDelay || !words[0].hasSuffix("/sendonly") && !words[0].hasSuffix("/inactive")
      else { continue }
      map[kind] = id
    }
    return map
  }
}
