import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows B2 and B3: numbers that jump, sources that change")
struct TimelineTests {
  struct Jump: Sendable, CustomTestStringConvertible {
    var name: String
    var timestamp: UInt32 = 0
    var sequence: UInt16 = 0
    var testDescription: String { name }
  }

  static let jumps = [
    Jump(name: "timestamps forward by 2³¹", timestamp: 1 << 31),
    Jump(name: "timestamps back by 10 s", timestamp: 0 &- 480_000),
    Jump(name: "timestamps back by 60 ms", timestamp: 0 &- 2_880),
    Jump(name: "sequence forward by 20 000", sequence: 20_000),
    Jump(name: "both, far", timestamp: 3_000_000_000, sequence: 30_000),
  ]

  /// The session's own sound stays away; a source with numbers of our choice takes its place.
  private static func withRawSound(seed: UInt64, _ sender: RawSender) -> Scenario {
    var scenario = Scenario()
    scenario.seed = seed
    scenario.sendSound = { run, frame in
      sender.send(frame, media: ScenarioRun.audio, by: &run.link.client)
    }
    return scenario
  }

  @Test("B2: sound goes on after one short break", arguments: jumps)
  func jump(_ jump: Jump) throws {
    let sender = RawSender(ssrc: 0xcafe, sequence: 60_000)
    var scenario = Self.withRawSound(seed: 600, sender)
    scenario.at(8) { _ in
      sender.timestampShift &+= jump.timestamp
      sender.sequence &+= jump.sequence
    }
    let report = try scenario.run()
    let silence = report.longestSilence(7...19)
    let before = report.soundDelays(3...8).percentile(50)
    let after = report.soundDelays(13...19).percentile(50)
    #expect(silence <= 200)
    #expect(abs(after - before) <= 20)
    #expect(report.soundDelays(13...19).count >= 9)
    #expect((report.sound.latest?.statistics.resyncs ?? 0) <= 2)
    FigureTable.add(
      "B2", jump.name, goal: "resync ≤ 200 ms, delay as before",
      "silence \(silence.text()) ms, delay \(before.text()) → \(after.text()) ms, "
        + "\(report.sound.latest?.statistics.resyncs ?? 0) resyncs")
  }

  @Test("B2: sound is soon back from a clock that stood still while nothing was sent", arguments: [500, 1_000, 2_500])
  func clockStandsStill(milliseconds: Int) throws {
    let sender = RawSender(ssrc: 0xcafe, sequence: 60_000)
    var scenario = Self.withRawSound(seed: 605, sender)
    let end = 8 + Double(milliseconds) / 1_000
    scenario.at(8) { $0.isMicrophoneOn = false }
    scenario.at(end) { run in
      run.isMicrophoneOn = true
      sender.timestampShift &-= UInt32(milliseconds * 48)
    }
    let report = try scenario.run()
    let silence = (report.silentUntil(after: end) - end) * 1_000
    let before = report.soundDelays(3...8).percentile(50)
    let after = report.soundDelays(15...19).percentile(50)
    #expect(silence <= 300)
    #expect(report.longestSilence((end + 0.5)...19) == 0)
    #expect(abs(after - before) <= 20)
    FigureTable.add(
      "B2", "timestamps stand still for \(milliseconds) ms of silence", goal: "sound ≤ 300 ms, delay as before",
      "sound after \(silence.text()) ms, delay \(before.text()) → \(after.text()) ms")
  }

  @Test("B3: a source that changes without a word is followed by its MID")
  func sourceChanges() throws {
    let sender = RawSender(ssrc: 0xcafe, sequence: 500)
    var scenario = Self.withRawSound(seed: 610, sender)
    scenario.at(8) { _ in
      sender.ssrc = 0xbeef
      sender.sequence = 40_000
      sender.timestampShift = 1_234_567_890
    }
    let report = try scenario.run()
    let silence = report.longestSilence(7...19)
    let after = report.soundDelays(13...19)
    #expect(silence <= 200)
    #expect(after.count >= 9)
    FigureTable.add(
      "B3", "another SSRC without signalling", goal: "followed by MID",
      "silence \(silence.text()) ms, sound after \(after.percentile(50).text()) ms")
  }

  @Test("B3: pictures whose source changes without a word are followed by their MID and stay with the sound")
  func videoSourceChanges() throws {
    let sender = RawSender(ssrc: 0xcafe, sequence: 500)
    var scenario = Scenario()
    scenario.seed = 615
    scenario.duration = .seconds(30)
    scenario.sendPicture = { run, frame in
      let now = run.link.clientNow
      sender.sendReporting(frame, media: ScenarioRun.video, by: &run.link.client, now: now)
    }
    scenario.at(8) { run in
      sender.ssrc = 0xbeef
      sender.sequence = 40_000
      sender.timestampShift = 1_234_567_890
      // Nobody begins without one.
      run.camera?.requestKeyFrame()
    }
    let report = try scenario.run()
    let after = report.skews(13...29)
    let freeze = report.longestFreeze(7...12)
    report.expectSkews(3...8)
    report.expectSkews(13...29)
    #expect(freeze <= 0.5)
    #expect(report.shownShare(13...29) > 98)
    #expect(report.pictures.unreadable == 0 && report.pictures.failures == 0)
    FigureTable.add(
      "B3", "another SSRC of the pictures without signalling", goal: "followed by MID, skew p99 ≤ 40 ms",
      "freeze \((freeze * 1_000).text()) ms, skew p99 \(report.skews(3...8).p99.text()) → \(after.p99.text()) ms")
  }

  @Test("B3: of ever new sources only so many are taken, and the known one goes on")
  func tooManySources() throws {
    var scenario = Scenario()
    scenario.seed = 620
    let flood = RawSender(ssrc: 1_000)
    for number in 0..<1_000 {
      scenario.at(5 + Double(number) * 0.005) { run in
        flood.ssrc &+= 1
        let frame = PacketizedFrame(bytes: [0xf8, 1, 2], packets: [0..<3], timestamp: 1, isKeyFrame: true)
        flood.tellsSection = number % 2 == 0
        flood.payloadType = 125
        flood.send(frame, media: ScenarioRun.audio, by: &run.link.client)
      }
    }
    let report = try scenario.run()
    #expect(report.server.drops.total >= 968)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.shownShare(report.settled) > 98)
    FigureTable.add(
      "B3", "1 000 new SSRCs in 5 s", goal: "≤ 32 taken, the rest counted",
      "\(report.server.drops.total) dropped, \(report.summary(report.settled))")
  }
}
