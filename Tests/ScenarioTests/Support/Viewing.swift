import MixCore
import NetworkSimulation

@testable import Transport

/// A viewer: the server sends one video section, made of packets of a kilobyte, a hundred a second.
struct Viewing: ~Copyable {
  var link: SessionLink
  private var framesSent = 0

  init(seed: UInt64) throws {
    let (client, server) = (try DTLSIdentity(), try DTLSIdentity())
    var viewer = try RTCSession(.init(role: .client, certificate: client, seed: seed), now: .zero)
    var sender = try RTCSession(
      .init(role: .server, certificate: server, hostCandidates: [SessionLink.serverAddress], seed: seed &+ 1),
      now: .zero)
    let offer = try viewer.offer(intents: [MediaIntent(kind: .video, direction: .receive)])
    let answer = try sender.answer(offer: offer, intents: [MediaIntent(kind: .video, direction: .send)])
    try viewer.accept(answer: answer)
    link = SessionLink(client: viewer, server: sender, up: .usual, down: .usual, seed: seed)
  }

  var now: MediaTime { link.now }
  var sourceOfServer: UInt32 { link.server.media[0].localSSRC ?? 0 }

  mutating func run(until end: MediaTime) {
    link.flush()
    while now < end {
      let frameTime = MediaTime.milliseconds(10) * Int64(framesSent)
      link.step(to: min(end, link.nextInstant, max(now, frameTime)))
      _ = link.takeClientEvents()
      _ = link.takeServerEvents()
      guard frameTime <= now else { continue }
      framesSent += 1
      let frame = PacketizedFrame(
        bytes: [0x10] + [UInt8](repeating: 1, count: 999), packets: [0..<1_000],
        timestamp: UInt32(truncatingIfNeeded: framesSent * 900), isKeyFrame: true, captureTime: now)
      link.server.send(frame, media: 0, now: now)
      link.flush()
    }
  }
}

extension RTCSession {
  /// NACKs for all 65 536 sequence numbers of a source.
  mutating func askForEverything(of source: UInt32) {
    for block in 0..<16 {
      let numbers = (0..<4_096).map { UInt16(truncatingIfNeeded: block * 4_096 + $0) }
      sendControl {
        _ = $0.receiverReport(ssrc: 1, blocks: [])
        _ = $0.nack(numbers[...], sender: 1, media: source)
      }
    }
  }

  mutating func sendEstimate(_ bitrate: UInt64) {
    sendControl {
      _ = $0.receiverReport(ssrc: 1, blocks: [])
      _ = $0.receiverEstimate(ReceiverEstimate(bitrate: bitrate), sender: 1, sources: [])
    }
  }

  /// A sender report of one of our sources with a time that has nothing to do with it.
  mutating func sendNonsenseReport(of media: Int, using random: inout RandomNumbers) {
    guard let ssrc = self.media[media].localSSRC else { return }
    let report = SenderReport(
      ssrc: ssrc, ntp: NTPTimestamp(rawValue: random.next()), timestamp: UInt32(truncatingIfNeeded: random.next()),
      packetCount: 1, octetCount: 1)
    sendControl { _ = $0.senderReport(report, blocks: []) }
  }
}
