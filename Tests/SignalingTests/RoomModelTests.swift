import Foundation
import Signaling
import Testing

/// Random operations by random people at random times: whatever happens, the promises of a room hold.
///
/// `MIXD_MODEL_OPERATIONS` sets how many. Five millions take a minute of a core:
/// `MIXD_MODEL_OPERATIONS=5000000 swift test -c release -Xswiftc -enable-testing --filter RoomModelTests`.
@Suite struct RoomModelTests {
  private static let operations =
    ProcessInfo.processInfo.environment["MIXD_MODEL_OPERATIONS"].flatMap { Int($0) } ?? 2_000_000
  private static let seeds: Range<UInt64> = 0..<24

  @Test("The promises of a room hold whatever happens", arguments: seeds)
  func promises(seed: UInt64) {
    var model = RoomModel(seed: seed)
    for _ in 0..<max(1, Self.operations / Self.seeds.count) where model.violation == nil { model.step() }
    #expect(model.violation == nil, "seed \(seed)")
  }

  @Test("The model reaches what it is meant to try")
  func reach() {
    var model = RoomModel(seed: 99)
    var (full, live, linked, held, ended, seen) = (0, 0, 0, 0, 0, 0)
    for _ in 0..<20_000 where model.violation == nil {
      model.step()
      if model.room.places.allSatisfy({ $0.state != .free }) { full += 1 }
      if model.room.status == .live { live += 1 }
      if model.room.link != nil { linked += 1 }
      if model.room.seats.contains(where: { $0.restraint.muted }) { held += 1 }
      if model.room.status == .ended { ended += 1 }
      if !model.audience.streams.isEmpty, model.room.viewers > 3 { seen += 1 }
    }
    let reached = (full, live, linked, held, ended, seen)
    #expect(full > 500 && live > 5000 && linked > 500 && held > 100 && ended > 10, "\(reached)")
    #expect(seen > 5000, "\(reached)")
  }
}
