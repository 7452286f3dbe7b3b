import MixCore

@testable import Transport

private let local = LocalTransport(
  ufrag: "fuzz", password: "fuzzfuzzfuzzfuzzfuzzfuzz",
  fingerprint: Array(repeating: "00", count: 32).joined(separator: ":"),
  candidates: [.host(address: "192.0.2.1", port: 1, index: 0)], isLite: true)

/// Answers the text as an offer of a publisher and of a viewer, and takes it as the answer to an offer of ours. An answer of
/// ours is a description itself, with as many sections.
func fuzzSDP(_ input: [UInt8]) {
  let text = String(decoding: input, as: UTF8.self)
  var random = RandomSource.seeded(state: 1)
  for direction in [MediaIntent.Direction.receive, .send] {
    let intents = [
      MediaIntent(kind: .audio, direction: direction),
      MediaIntent(kind: .video, direction: direction, videoCodecs: [.h264, .vp8]),
    ]
    if let negotiated = try? Negotiation.answer(offer: text, intents: intents, local: local, random: &random) {
      let answer = try? SessionDescription(parsing: negotiated.text)
      precondition(answer?.media.count == negotiated.media.count)
    }
    let offer = Negotiation.offer(intents: intents, local: local, random: &random)
    _ = try? Negotiation.apply(answer: text, to: offer)
  }
}
