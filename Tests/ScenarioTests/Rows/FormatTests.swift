import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Other codecs, packet lengths and clocks")
struct FormatTests {
  @Test("H.264 over a network that loses 5 %")
  func h264() throws {
    var scenario = Scenario()
    scenario.seed = 1_100
    scenario.camera?.codec = .h264
    scenario.up = .loss(0.05)
    let report = try scenario.run()
    let span = report.settled
    #expect(report.decodedShare >= 97)
    #expect(report.pictures.failures == 0)
    #expect(report.pictures.unreadable == 0)
    #expect(report.longestFreeze(span) <= 1)
    report.expectSkews(span)
    #expect(report.soundDelays(span).percentile(50) <= 210)
    #expect(report.pictureDelays(span).percentile(50) <= 180)
    FigureTable.add("–", "H.264, 5 % lost", goal: "decoded ≥ 97 %, skew ≤ 40 ms", report.summary(span))
  }

  @Test("Opus of every length, mono and stereo, with 5 % lost", arguments: [10, 20, 40, 60], [12_000, 64_000])
  func packetLengths(milliseconds: Int, bitrate: Int) throws {
    var scenario = Scenario()
    scenario.seed = 1_110 + UInt64(milliseconds)
    scenario.camera = nil
    let voice = VoiceSettings(milliseconds: milliseconds, bitrate: bitrate)
    scenario.voice = voice
    scenario.up = .loss(0.05)
    let report = try scenario.run()
    let span = report.settled
    let packets = try VoicePackets.of(voice)
    let mono = packets.count { OpusPacketInfo($0)?.channels == 1 }
    // At the low rate the encoder itself chooses one channel.
    #expect(bitrate > 20_000 ? mono < packets.count / 2 : mono > packets.count / 2)
    #expect(report.longestSilence(span) <= 60)
    #expect(report.concealed(span) <= 6)
    #expect(report.soundDelays(span).count >= 25)
    FigureTable.add(
      "–", "Opus of \(milliseconds) ms, \(mono * 2 > packets.count ? "mono" : "stereo"), 5 % lost",
      goal: "silence ≤ 60 ms", report.summary(span))
  }

  @Test("a sender without reports is in sync as far as the network lets one know")
  func noReports() throws {
    var scenario = Scenario()
    scenario.seed = 1_130
    scenario.uplinkFilter = Self.isNoSenderReport
    let report = try scenario.run()
    report.expectSkews(report.settled)
    FigureTable.add("–", "no sender reports", goal: "skew ≤ 60 ms", report.summary(report.settled))
  }

  /// RFC 3550 §12.1: 200 is a sender report.
  private static func isNoSenderReport(_ datagram: inout [UInt8]) -> Bool {
    datagram.count < 2 || datagram[0] >> 6 != 2 || datagram[1] != 200
  }

  @Test("H.264 and stereo sound of a sender without any report, as OBS sends them, are whole, in time and in sync")
  func broadcaster() throws {
    var scenario = Scenario()
    scenario.seed = 1_150
    scenario.duration = .seconds(60)
    scenario.camera?.codec = .h264
    let voice = VoiceSettings(bitrate: 128_000, repeatsPackets: false)
    scenario.voice = voice
    scenario.uplinkFilter = Self.isNoSenderReport
    let report = try scenario.run()
    let span = report.settled
    let packets = try VoicePackets.of(voice)
    let mono = packets.count { OpusPacketInfo($0)?.channels == 1 }
    #expect(mono < packets.count / 2)
    // All but what is on its way in the end.
    #expect(report.pictures.decodedNumbers.count >= report.framesSent - 2)
    #expect(report.pictures.failures == 0 && report.pictures.unreadable == 0)
    #expect(report.keyFrameRequests.isEmpty)
    #expect(report.shownShare(span) > 98)
    #expect(report.longestSilence(span) == 0)
    #expect(report.concealed(span) == 0)
    report.expectSkews(span, share: 0.9)
    #expect(report.soundDelays(span).percentile(50) <= 130)
    #expect(report.pictureDelays(span).percentile(50) <= 80)
    FigureTable.add(
      "–", "as OBS sends: H.264, stereo, no sender reports", goal: "all decoded, skew ≤ 40 ms, sound after ≤ 130 ms",
      report.summary(span))
  }

  @Test("reports that tell nonsense cost neither sound nor pictures")
  func wrongReports() throws {
    var scenario = Scenario()
    scenario.seed = 1_140
    var random = RandomNumbers(seed: 1_141)
    for number in 0..<30 {
      scenario.at(3 + Double(number) / 2) { run in
        run.link.client.sendNonsenseReport(of: number % 2, using: &random)
      }
    }
    let report = try scenario.run()
    let span = report.settled
    #expect(report.longestSilence(span) == 0)
    #expect(report.shownShare(span) > 90)
    #expect(report.concealed(span) <= 1)
    #expect(report.heardShare(span) >= 0.8)
    #expect(report.soundDelays(span).percentile(99) <= 400)
    FigureTable.add("–", "sender reports with random times", goal: "nothing lost", report.summary(span))
  }
}
