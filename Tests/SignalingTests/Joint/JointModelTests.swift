import Foundation
import Signaling
import Testing

/// Rooms and their links together: whatever happens in whatever order, what both promise holds, also to each other.
///
/// `MIXD_JOINT_OPERATIONS` sets how many operations; a million takes twenty seconds of a core.
@Suite struct JointModelTests {
  private static let operations =
    ProcessInfo.processInfo.environment["MIXD_JOINT_OPERATIONS"].flatMap { Int($0) } ?? 1_000_000
  private static let seeds: Range<UInt64> = 0..<20

  @Test("Rooms and links keep their promises together whatever happens", arguments: seeds)
  func promises(seed: UInt64) {
    let model = JointModel(seed: seed)
    while model.operations < Self.operations / Self.seeds.count, model.violation == nil { model.step() }
    model.settle()
    #expect(model.violation == nil, "seed \(seed)")
  }

  @Test("The model reaches what it is meant to try")
  func reach() {
    let model = JointModel(seed: 99)
    while model.operations < 50_000, model.violation == nil { model.step() }
    let (counts, links) = (model.counts, model.links.promises)
    #expect(counts.shows > 10 && counts.rests > 1000, "\(counts)")
    #expect(counts.onStage > 400 && counts.waiting > 500, "\(counts)")
    #expect(counts.largest == 4 && links.linksBegun > 200 && links.battlesFinished > 200, "\(links)")
    #expect(counts.absences > 40 && counts.failures > 40 && counts.reopened > 15, "\(counts)")
  }
}
