import MixCore
import Testing

@Suite("On stage, who tells a bound only")
struct StageTrialTests {
  private static let wideRate = 5_000_000
  private static let narrowRate = 300_000

  @Test("gets the best layer within 15 s, and again within 20 s of a narrow phase")
  func back() throws {
    var run = try StageRun()
    run.play(for: .seconds(15), rate: Self.wideRate)
    let first = run.pictures.last?.layer
    #expect(first == 2)
    run.play(for: .seconds(10), rate: Self.narrowRate)
    let meanwhile = run.pictures.last?.layer
    #expect(meanwhile == 0 || meanwhile == 1)
    run.play(for: .seconds(20), rate: Self.wideRate)
    let end = run.time
    let last = run.pictures.filter { $0.arrival >= end - .seconds(1) }
    #expect(last.count >= 25)
    #expect(last.allSatisfy { $0.layer == 2 })
  }

  @Test("loses no sound to trials of a path that stays narrow, and one short moment of the picture in each")
  func narrow() throws {
    var run = try StageRun()
    run.play(for: .seconds(15), rate: Self.wideRate)
    run.play(for: .seconds(4), rate: Self.narrowRate)
    let (begin, lost) = (run.time, run.soundsLost)
    run.play(for: .seconds(80), rate: Self.narrowRate)
    let raises = run.raises(since: begin)
    let freezes = run.freezes(since: begin)
    let lostSince = run.soundsLost - lost
    #expect((2...6).contains(raises))
    #expect(freezes.count <= raises)
    #expect(freezes.allSatisfy { $0 < .milliseconds(1500) }, "\(freezes.map { $0.milliseconds })")
    #expect(lostSince <= 5)
  }
}
