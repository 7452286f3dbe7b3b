import MixCore
import NetworkSimulation
import Testing
import Transport

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

  @Test("B9: estimates of zero and of everything change nothing but the rate within its limits")
  func lyingEstimates() throws {
    var pair = try Viewing(seed: 1_210)
    pair.run(until: .seconds(3))
    let before = pair.link.server.statistics.media[0].packetsSent
    var isZero = false
    while pair.now < .seconds(13) {
      pair.link.client.sendEstimate(isZero ? 0 : .max)
      isZero.toggle()
      pair.run(until: pair.now + .milliseconds(100))
    }
    let sent = pair.link.server.statistics.media[0].packetsSent - before
    #expect(sent > 400)
    FigureTable.add(
      "B9", "REMB of 0 and of the greatest number", goal: "media goes on within limits",
      "\(sent) packets sent in 10 s")
  }

  @Test("B10: what was not negotiated is dropped and counted")
  func notNegotiated() throws {
    var scenario = Scenario()
    scenario.seed = 1_220
    let stranger = RawSender(ssrc: 0xabc)
    for number in 0..<500 {
      scenario.at(4 + Double(number) * 0.01) { run in
        // Types that nobody gave a meaning to, as FEC and RTX have none where they were not negotiated.
        stranger.payloadType = [35, 36, 37, 38][number % 4]
        let frame = PacketizedFrame(
          bytes: [UInt8](repeating: 7, count: 300), packets: [0..<300], timestamp: UInt32(number), isKeyFrame: false)
        stranger.send(frame, media: number % 2, by: &run.link.client)
      }
    }
    let report = try scenario.run()
    let counted =
      report.server.drops.total + report.audio.packetsDiscarded + report.video.packetsDiscarded
    #expect(counted >= 500)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.shownShare(report.settled) > 98)
    #expect(report.pictures.failures == 0)
    FigureTable.add(
      "B10", "500 packets of types nobody agreed on", goal: "dropped, counted",
      "\(counted) counted, \(report.summary(report.settled))")
  }
}
