import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row B2: numbers of pictures that jump, numbers that begin anew by themselves")
struct PictureTimelineTests {
  struct Numbers: Sendable, CustomTestStringConvertible {
    var name: String
    /// What the numbers begin with, and by what they jump after eight seconds.
    var firstTimestamp: UInt32 = 0
    var firstSequence: UInt16 = 500
    var timestamp: UInt32 = 0
    var sequence: UInt16 = 0
    /// The longest time without a new picture, in seconds.
    var freeze = 0.3
    var testDescription: String { name }
  }

  static let jumps = [
    Numbers(name: "timestamps forward by 2³¹", timestamp: 1 << 31),
    Numbers(name: "timestamps back by 10 s", timestamp: 0 &- 900_000),
    // What was lost with the first packet nobody knows: a key frame is asked for after 90 ms, which takes a round trip and
    // waits for the camera's next step.
    Numbers(name: "sequence forward by 20 000", sequence: 20_000, freeze: 0.4),
  ]

  /// Each begins anew after about six seconds.
  static let wraps = [
    Numbers(name: "timestamps", firstTimestamp: 0 &- 540_000),
    Numbers(name: "sequence numbers", firstSequence: 65_300),
    Numbers(name: "both", firstTimestamp: 0 &- 540_000, firstSequence: 65_300),
  ]

  static let wrapsOfSound = [
    Numbers(name: "timestamps", firstTimestamp: 0 &- 288_000),
    Numbers(name: "sequence numbers", firstSequence: 65_236),
    Numbers(name: "both", firstTimestamp: 0 &- 288_000, firstSequence: 65_236),
  ]

  /// The session's own numbers do not matter; ours take their place, under its source so that it hears what is asked of it.
  private static func withPictures(_ numbers: Numbers, seed: UInt64) -> Scenario {
    let sender = RawSender(ssrc: 0xcafe, sequence: numbers.firstSequence)
    sender.timestampShift = numbers.firstTimestamp
    var scenario = Scenario()
    scenario.seed = seed
    scenario.duration = .seconds(30)
    scenario.sendPicture = { run, frame in
      sender.ssrc = run.link.client.media[ScenarioRun.video].localSSRC ?? 0xcafe
      let now = run.link.clientNow
      sender.sendReporting(frame, media: ScenarioRun.video, by: &run.link.client, now: now)
    }
    scenario.at(8) { _ in
      sender.timestampShift &+= numbers.timestamp
      sender.sequence &+= numbers.sequence
    }
    return scenario
  }

  @Test("B2: pictures go on after one short break, together with their sound", arguments: jumps)
  func jump(_ numbers: Numbers) throws {
    let report = try Self.withPictures(numbers, seed: 640).run()
    let freeze = report.longestFreeze(7...29)
    let picture = (report.pictureDelays(3...8).percentile(50), report.pictureDelays(13...29).percentile(50))
    let sound = (report.soundDelays(3...8).percentile(50), report.soundDelays(13...29).percentile(50))
    #expect(freeze <= numbers.freeze)
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.shownShare(13...29) > 98)
    #expect(report.pictures.unreadable == 0 && report.pictures.failures == 0)
    #expect(report.keyFrameRequestsPerSecond <= 1)
    #expect(abs(picture.1 - picture.0) <= 40)
    #expect(abs(sound.1 - sound.0) <= 20)
    report.expectSkews(3...8)
    report.expectSkews(13...29)
    FigureTable.add(
      "B2", "pictures: \(numbers.name)", goal: "freeze ≤ \((numbers.freeze * 1_000).text()) ms, then skew p99 ≤ 40 ms",
      "freeze \((freeze * 1_000).text()) ms, picture \(picture.0.text()) → \(picture.1.text()) ms, skew p99 "
        + "\(report.skews(3...8).p99.text()) → \(report.skews(13...29).p99.text()) ms")
  }

  @Test("B2: nobody sees that the numbers of pictures begin anew", arguments: wraps)
  func wrap(_ numbers: Numbers) throws {
    let report = try Self.withPictures(numbers, seed: 645).run()
    let span = report.settled
    #expect(report.longestFreeze(span) <= 0.15)
    #expect(report.shownShare(span) > 98)
    #expect(report.decodedShare >= 99)
    #expect(report.keyFrameRequests.isEmpty)
    #expect(report.pictures.unreadable == 0 && report.pictures.failures == 0)
    report.expectSkews(span)
    FigureTable.add(
      "B2", "pictures: \(numbers.name) begin anew from 0", goal: "without effect", report.summary(span))
  }

  @Test("B2: nobody hears that the numbers of sound begin anew", arguments: wrapsOfSound)
  func soundWrap(_ numbers: Numbers) throws {
    let sender = RawSender(ssrc: 0xcafe, sequence: numbers.firstSequence)
    sender.timestampShift = numbers.firstTimestamp
    var scenario = Scenario()
    scenario.seed = 650
    scenario.duration = .seconds(30)
    scenario.sendSound = { run, frame in
      let now = run.link.clientNow
      sender.sendReporting(frame, media: ScenarioRun.audio, by: &run.link.client, now: now)
    }
    let report = try scenario.run()
    let span = report.settled
    let delays = report.soundDelays(span)
    #expect(report.longestSilence(span) == 0)
    #expect(report.concealed(span) == 0)
    #expect(report.sound.latest?.statistics.resyncs == 0)
    #expect(report.heardShare(span) >= 0.9)
    #expect(delays.percentile(99) - delays.percentile(1) <= 40)
    report.expectSkews(span)
    FigureTable.add("B2", "sound: \(numbers.name) begin anew from 0", goal: "without effect", report.summary(span))
  }
}
