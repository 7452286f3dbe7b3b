/// Writes an answer: the offer's sections in the offer's order, with its MIDs, payload types and extension numbers.
struct AnswerWriter {
  let offer: SessionDescription
  let local: LocalTransport
  let isDTLSClient: Bool
  let sessionID: String

  func write(matches: [SectionMatch], media: [NegotiatedMedia]) -> String {
    var answer = SessionDescription()
    answer.sessionID = sessionID
    let mids = media.filter { !$0.rejected && !$0.mid.isEmpty }.map(\.mid)
    if local.isLite { answer.attributes.add("ice-lite") }
    if !offer.bundles.isEmpty { answer.attributes.add("group", "BUNDLE " + mids.joined(separator: " ")) }
    if !mids.isEmpty { answer.attributes.add("msid-semantic", "WMS *") }
    var needsCandidates = true
    for (index, match) in matches.enumerated() {
      guard let codec = match.codec, let intent = match.intent else {
        answer.media.append(refusal(of: offer.media[index]))
        continue
      }
      var section = MediaDescription(
        kind: offer.media[index].kind, port: 9, profile: MediaDescription.secureProfile,
        formats: formats(of: match, codec: codec, direction: intent.direction))
      local.write(into: &section.attributes, setup: isDTLSClient ? "active" : "passive")
      section.writeMedia(media[index], intent: intent)
      if offer.media[index].attributes.has("rtcp-rsize") { section.attributes.add("rtcp-rsize") }
      section.write(codec: codec, repair: match.repair, redundancy: match.redundancy, direction: intent.direction)
      Simulcast.write(media[index].layers, direction: .receive, into: &section.attributes)
      section.writeSources(of: media[index], streamID: intent.streamID)
      if needsCandidates { local.writeCandidates(into: &section.attributes) }
      needsCandidates = false
      answer.media.append(section)
    }
    return answer.text
  }

  /// What we like to receive stands first: with redundancy rather than without.
  private func formats(of match: SectionMatch, codec: RTPCodec, direction: MediaIntent.Direction) -> [String] {
    let types = [codec, match.repair].compactMap { $0.map { String($0.payloadType) } }
    let redundancy = [match.redundancy].compactMap { $0.map { String($0.payloadType) } }
    return direction == .receive ? redundancy + types : types + redundancy
  }

  private func refusal(of section: MediaDescription) -> MediaDescription {
    var refusal = MediaDescription(
      kind: section.kind, port: 0, profile: section.profile, formats: section.formats)
    if let mid = section.mid { refusal.attributes.add("mid", mid) }
    refusal.attributes.add("inactive")
    return refusal
  }
}

extension MediaDescription {
  mutating func writeMedia(_ media: NegotiatedMedia, intent: MediaIntent) {
    if !media.mid.isEmpty { attributes.add("mid", media.mid) }
    attributes.add(intent.direction == .send ? "sendonly" : "recvonly")
    attributes.add("rtcp-mux")
    for kind in HeaderExtension.allCases where media.extensions[kind] != 0 {
      // Firefox offers to receive it alone (RFC 8285 §7).
      let direction = kind == .playoutDelay ? "/sendonly" : ""
      attributes.add("extmap", "\(media.extensions[kind])\(direction) \(kind.rawValue)")
    }
  }

  /// `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` of one codec and its retransmission.
  mutating func write(
    codec: RTPCodec, repair: RTPCodec?, redundancy: RTPCodec? = nil, direction: MediaIntent.Direction
  ) {
    let type = codec.payloadType
    switch codec.name {
    case "opus":
      attributes.add("rtpmap", "\(type) opus/48000/2")
      // RFC 7587 §6.1: what we like to receive, and that what we send is stereo.
      let sends = direction == .send ? ";sprop-stereo=1" : ""
      attributes.add("fmtp", "\(type) minptime=10;useinbandfec=1;stereo=1\(sends)")
    case "h264":
      attributes.add("rtpmap", "\(type) H264/90000")
      attributes.add("fmtp", "\(type) \(codec.parameters)")
    default:
      attributes.add("rtpmap", "\(type) \(codec.name.uppercased())/90000")
    }
    for (kind, words) in FeedbackKinds.words where codec.feedback.contains(kind) {
      attributes.add("rtcp-fb", "\(type) \(words)")
    }
    if let repair {
      attributes.add("rtpmap", "\(repair.payloadType) rtx/\(codec.clockRate)")
      attributes.add("fmtp", "\(repair.payloadType) apt=\(type)")
    }
    if let redundancy {
      attributes.add("rtpmap", "\(redundancy.payloadType) red/48000/2")
      attributes.add("fmtp", "\(redundancy.payloadType) \(type)/\(type)")
    }
  }

  /// `a=msid` and the SSRCs of what we send.
  mutating func writeSources(of media: NegotiatedMedia, streamID: String) {
    guard media.direction == .send, let source = media.localSSRC else { return }
    attributes.add("msid", "\(streamID) \(streamID)-\(media.kind.rawValue)")
    // Layers are found by their RIDs (RFC 8853 §5.5).
    guard media.layers.isEmpty else { return }
    if let repair = media.localRTXSSRC { attributes.add("ssrc-group", "FID \(source) \(repair)") }
    for ssrc in [source, media.localRTXSSRC].compactMap({ $0 }) {
      attributes.add("ssrc", "\(ssrc) cname:\(streamID)")
    }
  }
}
