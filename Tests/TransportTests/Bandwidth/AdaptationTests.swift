import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("The rate of a path")
struct AdaptationTests {
  static func path(
    _ rate: Int?, loss: Double = 0, delay: MediaTime = .milliseconds(20), jitter: MediaTime = .zero
  ) -> NetworkConditions {
    var path = NetworkConditions(loss: loss, delay: delay, jitter: jitter)
    path.rate = rate
    return path
  }

  /// What the peer can tell the sender with.
  enum Feedback: String, CaseIterable {
    case transportWide
    case receiverEstimate

    /// Takes the other one out of an offer.
    func edit(_ offer: String) -> String {
      guard self == .receiverEstimate else { return offer }
      return offer.split(separator: "\r\n", omittingEmptySubsequences: false)
        .filter { !$0.contains("transport-cc") && !$0.contains("transport-wide-cc") }.joined(separator: "\r\n")
    }
  }

  static func mean(_ samples: [RateRun.Sample]) -> Int {
    samples.map { $0.available ?? 0 }.reduce(0, +) / max(samples.count, 1)
  }

  @Test(
    "is found within seconds: 2 Mb/s and more of 5, 1 Mb/s and more with a tenth lost",
    arguments: [(0.0, 2_000_000), (0.1, 1_000_000)])
  func found(loss: Double, least: Int) throws {
    var run = try RateRun(
      Self.path(5_000_000, loss: loss, delay: .milliseconds(15), jitter: .milliseconds(10)),
      encoder: .available(maximum: 2_500_000))
    run.play(for: .seconds(8))
    #expect(run.samples.dropFirst(3).allSatisfy { $0.available ?? 0 >= least && $0.available ?? 0 < 6_000_000 })
    #expect(run.samples.allSatisfy { $0.framesRefused == 0 })
  }

  @Test("is followed down within 5 s and up again within 20 s, and sound goes on", arguments: Feedback.allCases)
  func narrowed(feedback: Feedback) throws {
    var run = try RateRun(
      Self.path(1_000_000), encoder: .available(maximum: 2_500_000), edit: feedback.edit)
    run.play(for: .seconds(15))
    let before = Self.mean(Array(run.samples.suffix(8)))
    run.conditions = Self.path(300_000)
    run.play(for: .seconds(15))
    let narrow = run.samples.suffix(10)
    run.conditions = Self.path(1_000_000)
    run.play(for: .seconds(20))
    let after = Self.mean(Array(run.samples.suffix(3)))
    #expect(before >= 650_000 && before <= 1_100_000)
    #expect(narrow.filter { $0.sent > 310_000 }.count <= 1)
    #expect(after >= 700_000)
    #expect(run.soundsLost <= run.soundsSent / 100)
  }

  @Test("that carries less than the programme gives its viewer sound, and the picture again once it carries more")
  func viewer() throws {
    var run = try RateRun(Self.path(5_000_000), encoder: .fixed(2_500_000), clientSends: false)
    run.play(for: .seconds(8))
    #expect(run.samples.suffix(6).allSatisfy { $0.framesArrived >= 29 })
    run.conditions = Self.path(300_000)
    run.play(for: .seconds(12))
    #expect(run.samples.suffix(8).allSatisfy { $0.sent < 300_000 })
    let isCongested = run.isCongested
    #expect(isCongested)
    let requests = run.keyFrameRequests
    run.conditions = Self.path(5_000_000)
    run.play(for: .seconds(12))
    let back = run.samples.suffix(12).firstIndex { $0.framesArrived >= 29 }.map { $0 - 20 }
    #expect(back ?? .max <= 5)
    #expect(run.keyFrameRequests > requests && run.keyFrameRequests <= requests + 3)
    #expect(run.soundsLost <= run.soundsSent / 50)
    let isStillCongested = run.isCongested
    #expect(!isStillCongested)
  }

  @Test("that just carries a programme with large key frames shows all of it, and others get few key frames for that")
  func justSufficient() throws {
    var run = try RateRun(Self.path(3_000_000), encoder: .fixed(2_500_000), keyFrameSize: 15, clientSends: false)
    run.play(for: .seconds(120))
    let arrived = run.samples.suffix(60).reduce(0) { $0 + $1.framesArrived }
    #expect(arrived >= 28 * 60)
    #expect(run.keyFrameRequests <= 5)
  }

  @Test("is tried out for a viewer who only tells what comes: he gets the picture, and gets it again")
  func receiverEstimateOnly() throws {
    var run = try RateRun(
      Self.path(5_000_000), encoder: .fixed(1_500_000), clientSends: false, edit: Feedback.receiverEstimate.edit)
    run.play(for: .seconds(10))
    #expect(run.samples.suffix(3).allSatisfy { $0.framesArrived >= 29 })
    run.conditions = Self.path(300_000)
    run.play(for: .seconds(10))
    run.conditions = Self.path(5_000_000)
    run.play(for: .seconds(15))
    let back = run.samples.suffix(15).firstIndex { $0.framesArrived >= 29 }.map { $0 - 20 }
    #expect(back ?? .max <= 10)
    #expect(run.samples.suffix(3).allSatisfy { $0.framesArrived >= 29 })
    // Half a second of it while the path becomes narrow: nobody can know that before.
    #expect(run.soundsLost <= 50)
  }

  @Test("does not matter as long as it is wide: nothing waits")
  func wide() throws {
    var run = try RateRun(Self.path(nil), encoder: .fixed(2_500_000), clientSends: false)
    run.play(for: .seconds(1))
    let atStart = run.waitingFrames
    #expect(run.longestWait < .milliseconds(50))
    run.play(for: .seconds(9))
    #expect(run.waitingFrames == atStart)
    #expect(run.samples.allSatisfy { $0.framesRefused == 0 })
  }

  private static func withoutRTX(_ offer: String) -> String {
    offer.split(separator: "\r\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("rtx") && !$0.contains("apt=") && !$0.contains("ssrc-group") }
      .joined(separator: "\r\n")
  }

  @Test("is found for a viewer without RTX too: he gets the picture, and again after a narrow phase, and all sound")
  func viewerWithoutRTX() throws {
    var run = try RateRun(
      Self.path(5_000_000), encoder: .fixed(2_500_000), clientSends: false, edit: Self.withoutRTX)
    run.play(for: .seconds(8))
    #expect(run.samples.suffix(4).allSatisfy { $0.framesArrived >= 29 })
    run.conditions = Self.path(300_000)
    run.play(for: .seconds(12))
    #expect(run.samples.suffix(8).allSatisfy { $0.sent < 300_000 })
    run.conditions = Self.path(5_000_000)
    run.play(for: .seconds(12))
    let back = run.samples.suffix(12).firstIndex { $0.framesArrived >= 29 }.map { $0 - 20 }
    #expect(back ?? .max <= 5)
    #expect(run.samples.suffix(4).allSatisfy { $0.framesArrived >= 29 })
    #expect(run.soundsLost <= run.soundsSent / 50)
  }

  @Test("is found again after an outage without RTX, too")
  func outageWithoutRTX() throws {
    // A narrow path, so that its end is known.
    var run = try RateRun(
      Self.path(800_000), encoder: .available(maximum: 2_500_000), clientSends: false, edit: Self.withoutRTX)
    run.play(for: .seconds(10))
    var down = Self.path(800_000)
    down.isDown = true
    run.conditions = down
    run.play(for: .seconds(6))
    run.conditions = Self.path(800_000)
    run.play(for: .seconds(6))
    #expect(run.samples.suffix(2).allSatisfy { $0.framesArrived >= 25 })
  }

  @Test("is not looked for in vain where the peer answers nothing: no timer is due again and again")
  func mute() {
    var control = BandwidthControl()
    control.advance(to: .zero, canPad: true)
    control.noteSent(200, isNumbered: true, now: .zero)
    control.advance(to: .seconds(3), canPad: true)
    control.noteOffer(1000, isVideo: true, now: .seconds(3))
    control.advance(to: .seconds(3), canPad: true)
    #expect(control.deadline > .seconds(3))
  }

  @Test("is believed in again soon after an outage: the picture is back within 2 s", arguments: [3, 10] as [Int64])
  func outage(seconds: Int64) throws {
    var run = try RateRun(Self.path(5_000_000), encoder: .fixed(1_500_000), clientSends: false)
    run.play(for: .seconds(5))
    var down = Self.path(5_000_000)
    down.isDown = true
    run.conditions = down
    run.play(for: .seconds(seconds))
    #expect(run.samples.suffix(Int(seconds) - 2).allSatisfy { $0.framesRefused == $0.framesOffered })
    run.conditions = Self.path(5_000_000)
    run.play(for: .seconds(4))
    #expect(run.samples.suffix(2).allSatisfy { $0.framesArrived >= 29 })
    #expect(run.samples.suffix(2).allSatisfy { $0.available ?? 0 > 1_500_000 })
  }
}
