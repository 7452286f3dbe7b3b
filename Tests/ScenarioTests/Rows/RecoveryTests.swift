import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("After the disturbance")
struct RecoveryTests {
  struct Disturbance: Sendable, CustomTestStringConvertible {
    var name: String
    var conditions: NetworkConditions
    /// By how many milliseconds sound and pictures may be later than before.
    var sound = 25.0
    var picture = 40.0
    var adapts = false
    /// From when on everything is as before.
    var end = 18.0
    /// The longest silence while it lasts, in milliseconds.
    var silence = Double.infinity
    var testDescription: String { name }
  }

  static let disturbances = [
    Disturbance(name: "30 % lost", conditions: .loss(0.3)),
    Disturbance(name: "jitter of 200 ms", conditions: .usual.with { $0.jitter = .milliseconds(200) }),
    Disturbance(name: "a way longer by 200 ms", conditions: .usual.with { $0.delay = .milliseconds(230) }),
    Disturbance(
      name: "a way longer by 600 ms", conditions: .usual.with { $0.delay = .milliseconds(630) }, silence: 900),
    Disturbance(name: "long bursts", conditions: .usual.with { $0.burst = .init(begin: 0.02, end: 0.1) }),
    Disturbance(name: "too narrow a path", conditions: .usual.with { $0.rate = 250_000 }, adapts: true),
    Disturbance(name: "nothing arrives", conditions: .usual.with { $0.isDown = true }),
  ]

  @Test("seconds after five bad ones delay and sync are as before", arguments: disturbances)
  func recovers(_ disturbance: Disturbance) throws {
    var scenario = Scenario()
    scenario.seed = 1_400
    scenario.duration = .seconds(26)
    scenario.adapts = disturbance.adapts
    scenario.at(8, up: disturbance.conditions)
    scenario.at(13, up: .usual)
    let report = try scenario.run()
    let (before, after) = (3.0...8.0, disturbance.end...25.5)
    let sound = (report.soundDelays(before).percentile(50), report.soundDelays(after).percentile(95))
    let picture = (report.pictureDelays(before).percentile(50), report.pictureDelays(after).percentile(95))
    #expect(abs(sound.1 - sound.0) <= disturbance.sound)
    #expect(abs(picture.1 - picture.0) <= disturbance.picture)
    #expect(report.heardShare(after) >= 0.8)
    report.expectSkews(after)
    #expect(report.concealed(after) == 0)
    #expect(report.longestSilence(8...13) <= disturbance.silence)
    #expect(report.shownShare(after) > 98)
    FigureTable.add(
      "–", "5 s of: \(disturbance.name)", goal: "as before after \((disturbance.end - 13).text()) s",
      "sound \(sound.0.text()) → \(sound.1.text()) ms, picture \(picture.0.text()) → \(picture.1.text()) ms, skew p99 "
        + "\(report.skews(after).p99.text()) ms")
  }

  @Test("A way that becomes longer for good disturbs once, and not again when the shorter one is forgotten")
  func longerWay() throws {
    var scenario = Scenario()
    scenario.seed = 1_410
    scenario.duration = .seconds(40)
    scenario.at(8, up: .usual.with { $0.delay = .milliseconds(230) })
    let report = try scenario.run()
    let after = 13.0...39.5
    let (sound, picture) = (report.soundDelays(after), report.pictureDelays(after))
    #expect(sound.percentile(99) - sound.percentile(1) <= 25)
    #expect(picture.percentile(99) - picture.percentile(1) <= 40)
    #expect(report.longestFreeze(after) <= 0.15)
    #expect(report.longestSilence(after) == 0 && report.concealed(after) == 0)
    #expect(report.heardShare(after) >= 0.8)
    report.expectSkews(after)
    FigureTable.add(
      "–", "a way longer by 200 ms for good", goal: "as it stays after 5 s",
      "sound \(sound.percentile(1).text())…\(sound.percentile(99).text()) ms, picture "
        + "\(picture.percentile(1).text())…\(picture.percentile(99).text()) ms, freeze "
        + "\((report.longestFreeze(after) * 1_000).text()) ms, skew p99 \(report.skews(after).p99.text()) ms")
  }
}
