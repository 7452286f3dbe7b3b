import MixCore

@testable import Transport

/// Walks all packets and all their lists; none may hold more than the bytes can.
func fuzzRTCP(_ input: [UInt8]) {
  unsafe input.withUnsafeBytes { bytes in
    for packet in unsafe RTCPCompound(bytes) {
      let items =
        switch packet {
        case .senderReport(_, let blocks), .receiverReport(_, let blocks): blocks.reduce(0) { count, _ in count + 24 }
        case .sourceDescription(let list): list.reduce(0) { $0 + 2 + ($1.text.isEmpty ? 0 : 1) }
        case .goodbye(let list): list.reduce(0) { count, _ in count + 4 }
        case .nack(_, let list): list.reduce(0) { count, _ in count + 1 } / 5
        case .fullIntra(let list): list.reduce(0) { count, _ in count + 8 }
        case .transportFeedback(let report): report.reduce(0) { $0 + ($1.arrival == nil ? 0 : 1) }
        case .extendedReport(let report): report.reduce(0) { count, _ in count + 12 }
        case .receiverEstimate, .pictureLoss, .other: 0
        }
      precondition(items <= input.count)
    }
  }
  for direction in [MediaIntent.Direction.send, .receive] {
    var plane = makePlane(direction)
    unsafe input.withUnsafeBytes { _ = unsafe plane.receiveRTCP($0, now: .seconds(1)) }
  }
}

private func makePlane(_ direction: MediaIntent.Direction) -> MediaPlane {
  var random = RandomSource.seeded(state: 1)
  let local = LocalTransport(ufrag: "", password: "", fingerprint: "", candidates: [], isLite: false)
  let intents = [MediaIntent(kind: .audio, direction: direction), MediaIntent(kind: .video, direction: direction)]
  let offer = Negotiation.offer(intents: intents, local: local, random: &random)
  return MediaPlane(media: offer.media, cname: "f", ntpOffset: .seconds(3_900_000_000), random: &random)
}
