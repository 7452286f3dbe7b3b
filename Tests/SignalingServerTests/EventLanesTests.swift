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
      if event.room.rawValue == "slow" { for await _ in gate.stream {} }
      handled.withLock { $0.append("\(event.room.rawValue) \(Self.text(event))") }
    }

    private static func text(_ event: MediaEvent) -> String {
      switch event {
      case .sessionState(let session, _, let state): "\(session.rawValue) \(state)"
      case .participantMedia(_, let user, let video, _): "\(user.rawValue) \(video)"
      case .sceneChanged(_, let scene): scene.layout
      case .videoWish(_, let user, let wish): "\(user.rawValue) \(wish.width)"
      case .outputState(_, let output, let state, _): state == .live ? output.rawValue : "\(output.rawValue) \(state)"
      }
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

  @Test("Of more events of one room than may wait, older ones of a scene, a wish or an output go, and no others")
  func bound() async throws {
    let (rooms, room) = (Rooms(), RoomID(rawValue: "slow"))
    let (user, session, output) = (UserID(rawValue: "u"), SessionID(rawValue: "s"), OutputID(rawValue: "o"))
    let lanes = EventLanes(capacity: 2) { await rooms.handle($0) }
    await lanes.add(event("slow", 0))
    await lanes.add(.sessionState(session, room, .closed))
    await lanes.add(.participantMedia(room, user, video: true, audio: true))
    for (number, state) in [OutputState.connecting, .retrying, .failed].enumerated() {
      await lanes.add(.sceneChanged(room, SceneDescription(layout: "l\(number)", canvas: canvas, layers: [])))
      await lanes.add(.videoWish(room, user, VideoWish(width: number, height: 1, frameRate: 1, bitrate: 1)))
      await lanes.add(.outputState(room, output, state, reason: nil))
      await lanes.add(.participantMedia(room, user, video: false, audio: true))
    }
    await lanes.add(.sessionState(SessionID(rawValue: "t"), room, .closed))
    rooms.open()
    try await eventually { rooms.all.last == "slow t closed" }
    let kept = ["0", "s closed", "u true", "u false", "u false", "l2", "u 2", "o failed", "u false", "t closed"]
    #expect(rooms.all == kept.map { "slow " + $0 })
  }

  private let canvas = SceneDescription.Canvas(width: 1280, height: 720)
}
