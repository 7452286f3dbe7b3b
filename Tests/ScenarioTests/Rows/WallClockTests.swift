import Foundation
import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Wall clocks that are set")
struct WallClockTests {
  @Test("a sender's wall clock that is set by an hour changes nothing", arguments: [3_600, -3_600] as [Int64])
  func sendersClock(seconds: Int64) throws {
    let (voice, camera) = (RawSender(ssrc: 0xcafe), RawSender(ssrc: 0xbeef))
    var scenario = Scenario()
    scenario.seed = 630
    scenario.duration = .seconds(30)
    scenario.sendSound = { run, frame in
      let now = run.link.clientNow
      voice.sendReporting(frame, media: ScenarioRun.audio, by: &run.link.client, now: now)
    }
    scenario.sendPicture = { run, frame in
      let now = run.link.clientNow
      camera.sendReporting(frame, media: ScenarioRun.video, by: &run.link.client, now: now)
    }
    scenario.at(12) { _ in
      voice.wallClockStep = .seconds(seconds)
      camera.wallClockStep = .seconds(seconds)
    }
    let report = try scenario.run()
    let span = report.settled
    let (before, after) = (report.soundDelays(4...12).percentile(50), report.soundDelays(12...29).percentile(50))
    #expect(report.longestSilence(span) == 0)
    #expect(report.concealed(span) == 0)
    #expect(report.shownShare(span) > 98)
    #expect(report.longestFreeze(span) <= 0.2)
    report.expectSkews(12...29)
    report.expectSkews(span)
    #expect(abs(after - before) <= 20)
    FigureTable.add(
      "–", "the sender's wall clock is set by \(seconds) s", goal: "without effect",
      "sound after \(before.text()) → \(after.text()) ms, \(report.summary(span))")
  }

  static let modules = ["MixCore", "Transport", "MediaWorker", "CKernels", "CLinux"]
  static let wallClocks = [
    "CLOCK_REALTIME", "CLOCK_TAI", "gettimeofday", "av_gettime", "Date()", "Date.now", "timeIntervalSince", "time(nil)",
    "time(NULL)", "time(0)", "CFAbsoluteTime", "DispatchWallTime", "localtime(", "gmtime(",
  ]

  @Test("Nothing on the way of media reads the machine's wall clock, which may be set at any time")
  func ownClock() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var files = 0
    for module in Self.modules {
      let folder = root.appending(path: "Sources").appending(path: module)
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      for name in names where [".swift", ".h", ".c"].contains(where: { name.hasSuffix($0) }) {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        let found = Self.wallClocks.filter { text.contains($0) }
        #expect(found.isEmpty, "\(module)/\(name)")
        files += 1
      }
    }
    #expect(files > 150)
  }
}
