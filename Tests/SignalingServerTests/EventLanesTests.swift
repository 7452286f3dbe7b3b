import MediaControl
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct EventLanesTests {
  /// Handles events; those of the room named "slow" only once it is told to.
  final class Rooms: Sendable {
    private let handled = Mutex<[String]>([])
    private let gate = AsyncStream<Void>.makeStream()

    var all: [String] { handled.withLock { $0 } }
    func open() { gate.continuation.finish() }

    func handle(_ event: MediaEvent) async {
      guard case .outputState(let room, let output, _, _) = event else { return }
      if room.rawValue == "slow" { for await _ in gate.stream {} }
      handled.withLock { $0.append("\(room.rawValue) \(output.rawValue)") }
    }
  }

  private func event(_ room: String, _ number: Int) -> MediaEvent {
    .outputState(RoomID(rawValue: room), OutputID(rawValue: "\(number)"), .live, reason: nil)
  }

  @Test("A room that is slow holds up its own events only, and they stay in order")
  func isolation() async throws {
    let rooms = Rooms()
    let lanes = EventLanes { await rooms.handle($0) }
    for number in 0..<3 {
      await lanes.add(event("slow", number))
      await lanes.add(event("quick", number))
    }
    try await eventually { rooms.all.count == 3 }
    #expect(rooms.all == ["quick 0", "quick 1", "quick 2"])
    rooms.open()
    try await eventually { rooms.all.count == 6 }
    #expect(rooms.all.suffix(3) == ["slow 0", "slow 1", "slow 2"])
    await lanes.add(event("slow", 3))
    try await eventually { rooms.all.last == "slow 3" }
  }

  @Test("More events of one room than may wait push the oldest out")
  func bound() async throws {
    let rooms = Rooms()
    let lanes = EventLanes(capacity: 2) { await rooms.handle($0) }
    for number in 0..<6 { await lanes.add(event("slow", number)) }
    rooms.open()
    try await eventually { rooms.all.count == 3 }
    #expect(rooms.all == ["slow 0", "slow 4", "slow 5"])
  }
}
