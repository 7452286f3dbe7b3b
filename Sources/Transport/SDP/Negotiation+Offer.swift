import MixCore

/// An offer of ours, kept until its answer comes.
struct Offer: Sendable {
  var text: String
  var media: [NegotiatedMedia]
  var intents: [MediaIntent]
}

extension Negotiation {
  private static let feedback: FeedbackKinds = [.nack, .pictureLoss, .fullIntra, .transportWide, .receiverEstimate]

  /// Numbers as browsers give them.
  private static let extensionNumbers: [(HeaderExtension, UInt8)] = [
    (.audioLevel, 1), (.absoluteSendTime, 2), (.transportSequence, 3), (.mid, 4), (.absoluteCaptureTime, 5),
    (.rid, 10), (.repairedRID, 11),
  ]

  /// One section per intent, each with all the codecs of the intent.
  static func offer(
    intents: [MediaIntent], local: LocalTransport, random: inout some RandomNumberGenerator
  ) -> Offer {
    var identifiers = SourceIdentifiers(random: &random)
    var description = SessionDescription()
    description.sessionID = identifiers.sessionID
    let mids = intents.indices.map { String($0) }
    description.attributes.add("group", "BUNDLE " + mids.joined(separator: " "))
    description.attributes.add("extmap-allow-mixed")
    description.attributes.add("msid-semantic", "WMS *")
    var media: [NegotiatedMedia] = []
    for (index, intent) in intents.enumerated() {
      let codecs = offeredCodecs(for: intent)
      let negotiated = identifiers.assign(to: provisional(intent, mid: mids[index], codecs: codecs), offered: nil)
      media.append(negotiated)
      var section = MediaDescription(
        kind: intent.kind.rawValue, port: 9, profile: MediaDescription.secureProfile,
        formats: codecs.map { String($0.payloadType) })
      local.write(into: &section.attributes, setup: "actpass")
      section.writeMedia(negotiated, intent: intent)
      section.attributes.add("rtcp-rsize")
      for codec in codecs where !codec.isAuxiliary {
        let repair = codecs.first { $0.associatedPayloadType == codec.payloadType }
        let redundancy = codecs.first { $0.repeats(codec.payloadType) }
        section.write(codec: codec, repair: repair, redundancy: redundancy, direction: intent.direction)
      }
      Simulcast.write(negotiated.layers, direction: .send, into: &section.attributes)
      section.writeSources(of: negotiated, streamID: intent.streamID)
      if index == 0 { local.writeCandidates(into: &section.attributes) }
      description.media.append(section)
    }
    return Offer(text: description.text, media: media, intents: intents)
  }

  /// What the section will be if the answer takes the first codec.
  private static func provisional(_ intent: MediaIntent, mid: String, codecs: [RTPCodec]) -> NegotiatedMedia {
    var map = HeaderExtensionMap()
    let isSimulcast = intent.kind == .video && intent.direction == .send
    let layers = isSimulcast ? Array(intent.layers.filter(Simulcast.isRID).prefix(Simulcast.maximumLayers)) : []
    for (kind, number) in extensionNumbers {
      if intent.kind == .video && kind == .audioLevel { continue }
      if layers.isEmpty, kind == .rid || kind == .repairedRID { continue }
      map[kind] = number
    }
    return NegotiatedMedia(
      kind: intent.kind, direction: intent.direction, mid: mid,
      videoCodec: intent.kind == .video ? intent.videoCodecs.first : nil, payloadType: codecs.first?.payloadType ?? 0,
      rtxPayloadType: codecs.dropFirst().first { $0.name == "rtx" }?.payloadType,
      redPayloadType: codecs.first { $0.name == "red" }?.payloadType, layers: layers, rejected: false,
      feedback: codecs.first?.feedback ?? [], extensions: map)
  }

  private static func offeredCodecs(for intent: MediaIntent) -> [RTPCodec] {
    guard intent.kind == .video else {
      return [
        RTPCodec(
          payloadType: 111, name: "opus", clockRate: 48_000, channels: 2, parameters: "",
          feedback: [.nack, .transportWide]),
        RTPCodec(
          payloadType: 63, name: "red", clockRate: 48_000, channels: 2, parameters: "111/111", feedback: []),
      ]
    }
    return intent.videoCodecs.flatMap { codec in
      let type: UInt8 = codec == .vp8 ? 96 : 102
      let parameters = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
      return [
        RTPCodec(
          payloadType: type, name: codec.rawValue, clockRate: 90_000, channels: 1,
          parameters: codec == .h264 ? parameters : "", feedback: feedback),
        RTPCodec(
          payloadType: type + 1, name: "rtx", clockRate: 90_000, channels: 1, parameters: "apt=\(type)", feedback: []),
      ]
    }
  }

  /// Takes the answer to `offer`: the same sections in the same order, each accepted or refused.
  static func apply(answer text: String, to offer: Offer) throws(NegotiationError) -> Negotiated {
    let answer = try SessionDescription(parsing: text)
    guard answer.media.count == offer.media.count else { throw .malformed }
    var media: [NegotiatedMedia] = []
    var carrier: MediaDescription?
    for (index, section) in answer.media.enumerated() {
      let accepted = try accept(section, as: offer.media[index], intent: offer.intents[index])
      if !accepted.rejected, carrier == nil { carrier = section }
      media.append(accepted)
    }
    guard let carrier else { throw .noMedia }
    let bundle = Set(answer.bundles.first ?? [])
    let accepted = media.filter { !$0.rejected }
    guard accepted.count == 1 || accepted.allSatisfy({ bundle.contains(Substring($0.mid)) }) else { throw .noBundle }
    let remote = try RemoteTransport(section: carrier, session: answer)
    guard ["active", "passive"].contains(remote.setup) else { throw .setupUnsupported }
    return Negotiated(media: media, remote: remote, isDTLSClient: remote.setup == "passive", text: "")
  }

  private static func accept(
    _ section: MediaDescription, as offered: NegotiatedMedia, intent: MediaIntent
  ) throws(NegotiationError) -> NegotiatedMedia {
    guard section.kind == offered.kind.rawValue, section.mid == nil || section.mid == offered.mid else {
      throw .malformed
    }
    let goesOurWay = intent.direction == .send ? section.offersToReceive : section.offersToSend
    guard section.port != 0, goesOurWay else { return .rejected(kind: offered.kind, mid: offered.mid) }
    guard section.profile == MediaDescription.secureProfile else { throw .profileUnsupported }
    guard section.attributes.has("rtcp-mux") else { throw .noRTCPMux }
    let codecs = section.codecs
    // The first codec of an answer is the one in use (RFC 3264 §6.1).
    guard let codec = codecs.first(where: { !$0.isAuxiliary }) else { throw .noCommonCodec }
    let video = intent.videoCodecs.first { codec.matches($0) }
    guard offered.kind == .audio ? codec.isOpus : video != nil else { throw .noCommonCodec }
    var media = offered
    media.videoCodec = offered.kind == .video ? video : nil
    media.payloadType = codec.payloadType
    media.rtxPayloadType = codecs.first { $0.associatedPayloadType == codec.payloadType }?.payloadType
    media.redPayloadType = codecs.first { $0.repeats(codec.payloadType) }?.payloadType
    media.keepLayers(Simulcast.layers(of: section, direction: .receive, payloadType: codec.payloadType))
    if media.rtxPayloadType == nil {
      media.localRTXSSRC = nil
      for index in media.layerSources.indices { media.layerSources[index].repair = nil }
    }
    media.feedback = codec.feedback
    media.extensions = section.headerExtensions
    if media.direction == .receive { media.takeSources(from: section) }
    return media
  }
}
