import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows A1 and A2: loss")
struct LossTests {
  struct Goal: Sendable {
    var percent: Double
    var silence: Double
    var concealed: Double
    var decoded: Double
    var freeze: Double
  }

  /// The figures of row A1, at a round trip of 60 ms with repetition by Opus and retransmission of video.
  static let goals = [
    Goal(percent: 2, silence: 0, concealed: 0.5, decoded: 99, freeze: 0.5),
    Goal(percent: 5, silence: 0, concealed: 2, decoded: 99, freeze: 0.7),
    Goal(percent: 10, silence: 60, concealed: 5, decoded: 95, freeze: 1),
    Goal(percent: 20, silence: 120, concealed: 12, decoded: 80, freeze: 2),
    Goal(percent: 30, silence: 120, concealed: 20, decoded: 33, freeze: 3),
  ]

  @Test("on a network that loses nothing every picture is shown and nothing is made up")
  func nothingIsLost() throws {
    let report = try Scenario().run()
    let span = report.settled
    #expect(report.concealed(span) == 0)
    #expect(report.longestSilence(span) == 0)
    #expect(report.shownShare(span) > 99)
    #expect(report.keyFrameRequests.isEmpty)
    #expect(report.video.nacksSent == 0)
    #expect(report.wire.largest <= 1_200)
    FigureTable.add(
      "–", "nothing, round trip 60 ms", goal: "all shown", report.summary(span))
  }

  @Test("A1: of packets lost at random nearly all are restored, and the sound has no gaps", arguments: goals)
  func randomLoss(goal: Goal) throws {
    var scenario = Scenario()
    scenario.seed = 100 + UInt64(goal.percent)
    scenario.duration = .seconds(300)
    scenario.up = .loss(goal.percent / 100)
    // From where on every browser sends less.
    scenario.adapts = goal.percent > 10
    let report = try scenario.run()
    let span = report.settled
    let straight = try StraightOpus.concealed(VoiceSettings(), losses: report.wire.losses(ofSource: report.audioSource))
    #expect(report.longestSilence(span) <= goal.silence)
    #expect(report.concealed(span) <= goal.concealed)
    #expect(straight > 0)
    #expect(report.concealed(span) <= straight * 1.25 + 0.3)
    #expect(report.decodedShare >= goal.decoded)
    #expect(report.longestFreeze(span) <= goal.freeze)
    #expect(report.framesPerSecond(span) >= 5)
    // At 30 % the beginning of one beep in six is lost.
    report.expectSkews(span, share: goal.percent > 20 ? 0.7 : 0.8)
    if goal.percent <= 10 {
      #expect(report.soundDelays(span).percentile(50) <= 210)
    }
    FigureTable.add(
      "A1", "\(goal.percent.text()) % of the uplink lost at random",
      goal:
        "silence ≤ \(goal.silence.text()) ms, freeze ≤ \((goal.freeze * 1_000).text()) ms, concealed ≤ \(goal.concealed) %, decoded ≥ \(goal.decoded.text()) %",
      report.summary(span))
    FigureTable.compare(lost: goal.percent, concealed: report.concealed(span), byOpusAlone: straight)
  }

  @Test("A1: the same holds when the feedback is lost too", arguments: [120, 122])
  func lossBothWays(seed: UInt64) throws {
    var scenario = Scenario()
    scenario.seed = seed
    scenario.duration = .seconds(300)
    scenario.up = .loss(0.1)
    scenario.down = .loss(0.1)
    let report = try scenario.run()
    let span = report.settled
    #expect(report.longestSilence(span) <= 60)
    #expect(report.concealed(span) <= 5)
    #expect(report.decodedShare >= 95)
    #expect(report.longestFreeze(span) <= 1)
    report.expectSkews(span)
    guard seed == 120 else { return }
    FigureTable.add("A1", "10 % lost both ways", goal: "as above", report.summary(span))
  }

  @Test(
    "A2: bursts of loss freeze the picture for no longer than a second and cost one key frame each",
    arguments: [130, 132])
  func bursts(seed: UInt64) throws {
    var scenario = Scenario()
    scenario.seed = seed
    scenario.duration = .seconds(300)
    scenario.up = .usual.with { $0.burst = .init(begin: 0.02, end: 0.25) }
    let report = try scenario.run()
    let span = report.settled
    #expect(report.pictures.failures == 0)
    #expect(report.pictures.unreadable == 0)
    #expect(report.keyFrameRequestsPerSecond <= 1)
    #expect(report.decodedShare >= 98)
    #expect(report.longestFreeze(span) <= 0.5)
    // Nothing restores twelve packets that are lost in a row; what is made up for them fades out.
    #expect(report.longestSilence(span) <= 200)
    report.expectSkews(span)
    guard seed == 130 else { return }
    FigureTable.add("A2", "bursts of four, 7 %", goal: "freeze ≤ 1 s, ≤ 1 request/s", report.summary(span))
  }
}
