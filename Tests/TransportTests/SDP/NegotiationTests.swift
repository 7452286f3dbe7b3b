import MixCore
import Testing

@testable import Transport

@Suite("Offer and answer")
struct NegotiationTests {
  static let local = LocalTransport(
    ufrag: "srv1", password: "serverpasswordserverpw", fingerprint: OfferFixtures.fingerprint,
    candidates: [
      .host(address: "198.51.100.1", port: 7000, index: 0), .host(address: "2001:db8::1", port: 7000, index: 1),
    ], isLite: true)

  static let publish = [
    MediaIntent(kind: .audio, direction: .receive), MediaIntent(kind: .video, direction: .receive),
  ]
  static let watch = [
    MediaIntent(kind: .audio, direction: .send, streamID: "program"),
    MediaIntent(kind: .video, direction: .send, videoCodecs: [.h264, .vp8], streamID: "program"),
  ]
  static let publishAny = [
    MediaIntent(kind: .audio, direction: .receive),
    MediaIntent(kind: .video, direction: .receive, videoCodecs: [.vp8, .h264]),
  ]

  static func answer(
    _ offer: String, _ intents: [MediaIntent]
  ) throws(NegotiationError) -> (Negotiated, SessionDescription) {
    var random = SeededRandom(seed: 1)
    let negotiated = try Negotiation.answer(offer: offer, intents: intents, local: local, random: &random)
    return (negotiated, try SessionDescription(parsing: negotiated.text))
  }

  /// What every answer must satisfy towards its offer.
  static func check(_ answer: SessionDescription, to text: String) throws {
    let offer = try SessionDescription(parsing: text)
    try #require(answer.media.count == offer.media.count)
    #expect(answer.attributes.has("ice-lite"))
    let accepted = answer.media.filter { $0.port != 0 }
    #expect(answer.bundles.map { $0.map(String.init) } == [accepted.compactMap(\.mid)])
    #expect(accepted.first?.attributes.all("candidate").count == 2)
    #expect(accepted.first?.attributes.has("end-of-candidates") == true)
    for (section, offered) in zip(answer.media, offer.media) {
      #expect(section.kind == offered.kind)
      #expect(section.mid == offered.mid)
      #expect(section.profile == offered.profile)
      guard section.port != 0 else { continue }
      #expect(section.attributes.has("rtcp-mux"))
      #expect(section.attributes.has("rtcp-rsize") == offered.attributes.has("rtcp-rsize"))
      #expect(section.attributes.first("ice-ufrag") == "srv1")
      #expect(section.attributes.first("fingerprint") == "sha-256 \(OfferFixtures.fingerprint)")
      #expect(Set(section.formats).isSubset(of: offered.formats))
      let extensions = offered.attributes.all("extmap").map { $0.replacing("/recvonly", with: "") }
      for line in section.attributes.all("extmap") {
        #expect(extensions.contains(line.replacing("/sendonly", with: "")))
      }
      for line in section.attributes.all("rtcp-fb") { #expect(offered.attributes.all("rtcp-fb").contains(line)) }
    }
  }

  @Test("Every known publisher is answered, its audio and its video taken", arguments: OfferFixtures.all)
  func publishers(offer: String) throws {
    let (negotiated, answer) = try Self.answer(offer, Self.publishAny)
    try Self.check(answer, to: offer)
    let accepted = negotiated.media.filter { !$0.rejected }
    #expect(Set(accepted.map(\.kind)) == [.audio, .video])
    #expect(accepted.allSatisfy { $0.direction == .receive && $0.remoteSSRC != nil })
    for section in answer.media where section.port != 0 {
      #expect(section.attributes.has("recvonly"))
      #expect(!section.attributes.has("ssrc"))
    }
    #expect(negotiated.remote.fingerprint == [UInt8](repeating: 0xa7, count: 32))
  }

  @Test("A Chromium publisher sends VP8 with RTX, its sources and extensions known")
  func chromiumPublisher() throws {
    let (negotiated, answer) = try Self.answer(OfferFixtures.chromium(direction: "sendonly"), Self.publish)
    let video = negotiated.media[1]
    #expect(video.videoCodec == .vp8)
    #expect((video.payloadType, video.rtxPayloadType) == (96, 97))
    #expect((video.remoteSSRC, video.remoteRTXSSRC) == (2222, 3333))
    #expect(video.remoteStreamID == "cam")
    #expect(video.feedback == [.nack, .pictureLoss, .fullIntra, .transportWide, .receiverEstimate])
    #expect(video.extensions[.mid] == 4)
    #expect(video.extensions[.transportSequence] == 3)
    #expect(video.extensions[.audioLevel] == 0)
    #expect(negotiated.media[0].extensions[.audioLevel] == 1)
    #expect(negotiated.media[0].feedback == [.transportWide])
    #expect(answer.media[1].formats == ["96", "97"])
    #expect(answer.media[1].attributes.all("fmtp") == ["97 apt=96"])
    #expect(answer.media[0].attributes.first("setup") == "passive")
    #expect(!negotiated.isDTLSClient)
  }

  @Test("A Chromium viewer gets H.264 of the best profile, announced with SSRCs and stream")
  func chromiumViewer() throws {
    let offer = OfferFixtures.chromium(direction: "recvonly", recvOnly: true)
    let (negotiated, answer) = try Self.answer(offer, Self.watch)
    try Self.check(answer, to: offer)
    let video = negotiated.media[1]
    #expect(video.videoCodec == .h264)
    #expect((video.payloadType, video.rtxPayloadType) == (115, 116))
    let section = answer.media[1]
    #expect(section.attributes.has("sendonly"))
    #expect(
      section.attributes.all("fmtp").first
        == "115 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f")
    let (source, repair) = (try #require(video.localSSRC), try #require(video.localRTXSSRC))
    #expect(section.attributes.first("ssrc-group") == "FID \(source) \(repair)")
    #expect(section.attributes.all("ssrc") == ["\(source) cname:program", "\(repair) cname:program"])
    #expect(section.attributes.first("msid") == "program program-video")
    #expect(answer.media[0].attributes.first("msid") == "program program-audio")
    #expect(Set(negotiated.media.compactMap(\.localSSRC)).count == 2)
  }

  @Test("A Firefox viewer without H.264 gets VP8")
  func firefoxViewer() throws {
    let offer = OfferFixtures.firefox(direction: "recvonly")
    let (negotiated, answer) = try Self.answer(offer, Self.watch)
    try Self.check(answer, to: offer)
    #expect(negotiated.media[1].videoCodec == .vp8)
    #expect((negotiated.media[1].payloadType, negotiated.media[1].rtxPayloadType) == (120, 124))
  }

  @Test("A Safari publisher of H.264 is taken in constrained baseline; its data channel is refused")
  func safariPublisher() throws {
    let intents = [
      MediaIntent(kind: .audio, direction: .receive),
      MediaIntent(kind: .video, direction: .receive, videoCodecs: [.h264]),
    ]
    let (negotiated, answer) = try Self.answer(OfferFixtures.safari, intents)
    #expect(negotiated.media.map(\.rejected) == [false, false, true])
    #expect((negotiated.media[0].payloadType, negotiated.media[0].rtxPayloadType) == (98, 99))
    #expect(answer.media[2].port == 0)
    #expect(answer.media[2].formats == ["webrtc-datachannel"])
    #expect(answer.bundles == [["0", "1"]])
  }

  @Test("OBS describes its transport once for the session; its candidates are read")
  func obs() throws {
    let (negotiated, _) = try Self.answer(OfferFixtures.obs, Self.publishAny)
    #expect(negotiated.remote.ufrag == "obs1")
    #expect(
      negotiated.remote.candidates == [
        ICECandidate(
          foundation: "1", component: 1, transport: "udp", priority: 2_122_317_823, address: "192.0.2.7", port: 60012,
          type: "host")
      ])
    #expect(negotiated.remote.endOfCandidates)
    #expect(negotiated.media[1].rtxPayloadType == nil)
  }

  @Test("A peer that waits for the handshake gets us to start it")
  func passivePeer() throws {
    let (negotiated, answer) = try Self.answer(OfferFixtures.ffmpeg, Self.publishAny)
    #expect(negotiated.isDTLSClient)
    #expect(answer.media.allSatisfy { $0.attributes.first("setup") == "active" })
  }

  @Test("Sections nobody asked for are refused with port 0")
  func extraSections() throws {
    let (negotiated, answer) = try Self.answer(
      OfferFixtures.chromium(direction: "sendonly"), [MediaIntent(kind: .audio, direction: .receive)])
    #expect(negotiated.media.map(\.rejected) == [false, true])
    #expect(answer.media.map(\.port) == [9, 0])
    #expect(answer.bundles == [["0"]])
  }

  @Test(
    "What cannot be agreed is refused with its own code",
    arguments: [
      ("UDP/TLS/RTP/SAVPF", "RTP/AVP", "sdp.profile-unsupported"),
      ("a=fingerprint:sha-256", "a=x", "sdp.no-fingerprint"),
      ("a=fingerprint:sha-256", "a=fingerprint:sha-1", "sdp.no-fingerprint"),
      ("BUNDLE 0 1", "LS 0 1", "sdp.no-bundle"), ("a=setup:actpass", "a=setup:holdconn", "sdp.setup-unsupported"),
      ("a=ice-ufrag:", "a=x:", "sdp.no-ice-credentials"), ("ice-ufrag:Ab+3", "ice-ufrag:A", "sdp.no-ice-credentials"),
      ("a=rtcp-mux", "a=x", "sdp.no-rtcp-mux"), ("a=mid:1", "a=mid:0", "sdp.malformed"),
      ("v=0", "w=0", "sdp.malformed"), ("a=sendonly", "a=recvonly", "sdp.no-media"),
      ("/90000", "/8000", "ok"), ("a=mid:1", "a=mid:12345678901234567", "sdp.malformed"),
      ("m=audio 9", "m=audio 99999", "sdp.malformed"),
    ])
  func refusals(what: String, by: String, code: String) {
    let offer = OfferFixtures.chromium(direction: "sendonly").replacing(what, with: by)
    do throws(NegotiationError) {
      _ = try Self.answer(offer, Self.publish)
      #expect(code == "ok")
    } catch {
      #expect(error.code == code)
    }
  }

  @Test("An offer without a codec of ours is refused as such")
  func noCodec() {
    let offer = OfferFixtures.chromium(direction: "sendonly").replacing("opus", with: "speex").replacing(
      "VP8", with: "X")
    #expect(throws: NegotiationError.noCommonCodec) { try Self.answer(offer, Self.publish) }
  }

  @Test("Text beyond the limits is refused before it is understood")
  func limits() {
    let offer = OfferFixtures.chromium(direction: "sendonly")
    let long = offer + String(repeating: "a=x\r\n", count: 1000)
    let large = offer + "a=" + String(repeating: "x", count: 70_000)
    let wide = offer + String(repeating: "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", count: 33)
    for text in [long, large, wide] {
      #expect(throws: NegotiationError.tooLarge) { try SessionDescription(parsing: text) }
    }
    for text in ["", "\r\n", "m=audio", "v=1\r\n", "v=0\r\nm=audio 9 X\r\n"] {
      #expect(throws: NegotiationError.malformed) { try SessionDescription(parsing: text) }
    }
  }

  @Test("Client and server of this module agree on everything", arguments: [VideoCodec.vp8, .h264])
  func clientAndServer(codec: VideoCodec) throws {
    var random = SeededRandom(seed: 2)
    let intents = [
      MediaIntent(kind: .audio, direction: .send), MediaIntent(kind: .video, direction: .send, videoCodecs: [codec]),
    ]
    var client = Self.local
    client.isLite = false
    let offer = Negotiation.offer(intents: intents, local: client, random: &random)
    let (server, answer) = try Self.answer(offer.text, Self.publishAny)
    try Self.check(answer, to: offer.text)
    let agreed = try Negotiation.apply(answer: server.text, to: offer)
    #expect(agreed.isDTLSClient && !server.isDTLSClient)
    #expect(agreed.remote.isLite && !server.remote.isLite)
    #expect(agreed.remote.candidates == Self.local.candidates)
    for (mine, theirs) in zip(agreed.media, server.media) {
      #expect((mine.payloadType, mine.rtxPayloadType) == (theirs.payloadType, theirs.rtxPayloadType))
      #expect((mine.localSSRC, mine.localRTXSSRC) == (theirs.remoteSSRC, theirs.remoteRTXSSRC))
      #expect(mine.extensions == theirs.extensions)
      #expect(mine.feedback == theirs.feedback)
      #expect(mine.videoCodec == theirs.videoCodec)
    }
  }

  @Test("A client that watches learns the server's sources, and a refused section is marked")
  func clientWatches() throws {
    var random = SeededRandom(seed: 3)
    let intents = [
      MediaIntent(kind: .audio, direction: .receive),
      MediaIntent(kind: .video, direction: .receive, videoCodecs: [.vp8]),
      MediaIntent(kind: .video, direction: .receive, videoCodecs: [.vp8]),
    ]
    let offer = Negotiation.offer(intents: intents, local: Self.local, random: &random)
    let (server, _) = try Self.answer(offer.text, Self.watch)
    let agreed = try Negotiation.apply(answer: server.text, to: offer)
    #expect(agreed.media.map(\.rejected) == [false, false, true])
    #expect(agreed.media[1].remoteSSRC == server.media[1].localSSRC)
    #expect(agreed.media[1].remoteRTXSSRC == server.media[1].localRTXSSRC)
    #expect(throws: NegotiationError.malformed) {
      try Negotiation.apply(answer: server.text.replacing("a=mid:1", with: "a=mid:7"), to: offer)
    }
  }
}
