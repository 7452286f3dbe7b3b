import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row B8: little sound")
struct SilenceTests {
  @Test("B8: a microphone that is off for ten seconds, and on again, leaves no drift behind")
  func muted() throws {
    var scenario = Scenario()
    scenario.seed = 1_000
    scenario.duration = .seconds(30)
    scenario.at(8) { $0.isMicrophoneOn = false }
    scenario.at(18) { $0.isMicrophoneOn = true }
    let report = try scenario.run()
    let before = report.soundDelays(3...8).percentile(50)
    let after = report.soundDelays(20...29).percentile(50)
    #expect(abs(after - before) <= 20)
    #expect(report.concealed(9...17.5) <= 5)
    report.expectSkews(20...29)
    #expect(report.shownShare(report.settled) > 98)
    FigureTable.add(
      "B8", "microphone off for 10 s", goal: "no drift",
      "delay \(before.text()) → \(after.text()) ms, skew p99 \(report.skews(20...29).p99.text()) ms")
  }

  @Test("B8: of a silent voice with DTX next to nothing is sent, and nothing is heard")
  func discontinuous() throws {
    var scenario = Scenario()
    scenario.seed = 1_010
    scenario.camera = nil
    scenario.voice = VoiceSettings(repeatsPackets: false, isDiscontinuous: true, isSilent: true)
    let report = try scenario.run()
    #expect(report.audio.packetsReceived < 300)
    #expect(report.sound.peak < 0.01)
    #expect(report.sound.latest?.statistics.resyncs == 0)
    FigureTable.add(
      "B8", "DTX", goal: "comfort noise or nothing",
      "\(report.audio.packetsReceived) packets in \(scenario.duration.seconds.text()) s, peak "
        + "\(Double(report.sound.peak).text(4)), playout delay at most "
        + "\(report.playoutDelays(report.settled).percentile(100).text()) ms")
  }

  @Test("B8: one packet a second is played as it comes, without running up delay")
  func onePacketPerSecond() throws {
    var scenario = Scenario()
    scenario.seed = 1_020
    scenario.camera = nil
    scenario.duration = .seconds(40)
    var count = 0
    scenario.sendSound = { run, frame in
      count += 1
      guard count % 50 == 0 else { return }
      run.link.client.send(frame, media: ScenarioRun.audio, now: run.link.clientNow)
    }
    let report = try scenario.run()
    #expect(report.playoutDelays(10...39).percentile(100) <= 400)
    #expect(report.sound.peak <= 1)
    #expect(report.concealed(10...39) <= 25)
    FigureTable.add(
      "B8", "one packet a second", goal: "no drift",
      "playout delay at most \(report.playoutDelays(10...39).percentile(100).text()) ms, concealed "
        + "\(report.concealed(10...39).text(1)) %")
  }
}
