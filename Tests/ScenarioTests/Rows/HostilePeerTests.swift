import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Rows B9 and B10: a peer that lies")
struct HostilePeerTests {
  @Test("B9: asking for every packet again brings no more than the media once more")
  func greedyFeedback() throws {
    var pair = try Viewing(seed: 1_200)
    pair.run(until: .seconds(3))
    let before = pair.link.server.statistics.media[0]
    while pair.now < .seconds(13) {
      pair.link.client.askForEverything(of: pair.sourceOfServer)
      pair.run(until: pair.now + .milliseconds(50))
    }
    let after = pair.link.server.statistics.media[0]
    let media = after.packetsSent - before.packetsSent
    let again = after.packetsRetransmitted - before.packetsRetransmitted
    // What may be saved up for a key frame is 128 KiB.
    #expect(again <= media + 140)
    #expect(after.nacksReceived > 100_000)
    FigureTable.add(
      "B9", "NACK of 65 536 numbers, twenty times a second", goal: "RTX ≤ 1 × media",
      "\(again) sent again for \(media) sent, \(after.retransmissionsRefused) refused")
  }

  struct Estimates: Sendable, CustomTestStringConvertible {
    var name: String
    /// Told in turn, ten times a second.
    var bitrates: [UInt64]
    /// What leaves within ten seconds, in bits per second, headers of UDP and IPv4 not included.
    var sent: ClosedRange<Double>
    var testDescription: String { name }
  }

  static let estimates = [
    // The least there is, with what RTCP and checks need beside it.
    Estimates(name: "0", bitrates: [0], sent: 10_000...60_000),
    Estimates(name: "the greatest number", bitrates: [.max], sent: 700_000...20_000_000),
    Estimates(name: "0 and the greatest number", bitrates: [0, .max], sent: 320_000...20_000_000),
  ]

  @Test("B9: estimates of zero and of everything change nothing but the rate within its limits", arguments: estimates)
  func lyingEstimates(_ estimates: Estimates) throws {
    var pair = try Viewing(seed: 1_210)
    pair.run(until: .seconds(3))
    var available: [Int] = []
    var before = pair.link.server.statistics
    for number in 0..<110 {
      // Behind what was under way.
      if number == 10 { before = pair.link.server.statistics }
      pair.link.client.sendEstimate(estimates.bitrates[number % estimates.bitrates.count])
      pair.run(until: pair.now + .milliseconds(100))
      available.append(pair.link.server.availableBitrate ?? 0)
    }
    let after = pair.link.server.statistics
    let sent = Double((after.bytesSent - before.bytesSent) * 8) / 10
    let packets = after.media[0].packetsSent - before.media[0].packetsSent
    #expect((available.min() ?? 0) >= Int(BitrateLimits.range.lowerBound))
    #expect((available.max() ?? Int.max) <= Int(BitrateLimits.range.upperBound))
    #expect(estimates.sent.contains(sent))
    FigureTable.add(
      "B9", "REMB of \(estimates.name)", goal: "media goes on within limits",
      "\(packets) packets sent in 10 s, \((sent / 1_000).text()) kb/s, known as "
        + "\((available.min() ?? 0) / 1_000)…\((available.max() ?? 0) / 1_000) kb/s")
  }

  struct Stranger: Sendable, CustomTestStringConvertible {
    var name: String
    var types: [UInt8]
    /// What the payload begins with.
    var head: [UInt8] = []
    /// Sent by the source of the client's retransmissions.
    var isRepair = false
    var testDescription: String { name }
  }

  /// Types that nobody gave a meaning to, as FEC and RTX have none where they were not negotiated.
  static let strangers = [
    Stranger(name: "of types nobody agreed on", types: [35, 36, 37, 38]),
    // RFC 4588: what they claim to repair is packet 1.
    Stranger(
      name: "of types nobody agreed on from the known RTX source", types: [98, 99], head: [0, 1], isRepair: true),
    // RFC 2198: one block of VP8, and a VP8 descriptor that starts a frame.
    Stranger(name: "of red, ulpfec and flexfec nobody agreed on", types: [116, 117, 118], head: [96, 0x10]),
  ]

  @Test("B10: what was not negotiated is dropped and counted", arguments: strangers)
  func notNegotiated(_ stranger: Stranger) throws {
    var scenario = Scenario()
    scenario.seed = 1_220
    let sender = RawSender(ssrc: 0xabc)
    for number in 0..<500 {
      scenario.at(4 + Double(number) * 0.01) { run in
        if stranger.isRepair { sender.ssrc = run.link.client.media[ScenarioRun.video].localRTXSSRC ?? 0xabc }
        sender.payloadType = stranger.types[number % stranger.types.count]
        let bytes = stranger.head + [UInt8](repeating: 7, count: 300)
        let frame = PacketizedFrame(
          bytes: bytes, packets: [0..<bytes.count], timestamp: UInt32(number), isKeyFrame: false)
        sender.send(frame, media: stranger.head.isEmpty ? number % 2 : ScenarioRun.video, by: &run.link.client)
      }
    }
    let report = try scenario.run()
    let counted =
      report.server.drops.total + report.audio.packetsDiscarded + report.video.packetsDiscarded
    #expect(counted >= 500)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.shownShare(report.settled) > 98)
    #expect(report.pictures.failures == 0 && report.pictures.unreadable == 0)
    #expect(report.keyFrameRequests.isEmpty)
    report.expectSkews(report.settled)
    FigureTable.add(
      "B10", "500 packets \(stranger.name)", goal: "dropped, counted",
      "\(counted) counted, \(report.summary(report.settled))")
  }
}
