import Signaling
import Testing

@testable import SignalingServer

@Suite struct RoomDigestTests {
  /// A room and what webhooks are told of it.
  private struct Scene {
    static let host = Person(id: "u_host", name: "Ann")
    static let guest = Person(id: "u_guest", name: "Bob")

    var room = Room(id: "r", host: host, info: RoomInfo(title: "Show", layout: "pip"), at: Instant(nanoseconds: 0))
    var digest: RoomDigest
    var seconds = 0.0

    init() { digest = RoomDigest(room) }

    var now: Instant { Instant(nanoseconds: 0).advanced(bySeconds: seconds) }

    /// Carries something out and returns the names of what is told.
    mutating func tell(_ operation: (inout Room, Instant) throws -> [RoomAction]) rethrows -> [String] {
      seconds += 1
      return try operation(&room, now).compactMap { action in
        guard case .tell(_, let event) = action else { return nil }
        return digest.news(of: event, in: room)?.type.rawValue
      }
    }
  }

  @Test("A show from its first picture to its end is told by changes, each of them once")
  func show() throws {
    var scene = Scene()
    #expect(try scene.tell { try $0.publishStarted(by: Scene.host, at: $1) } == ["stage.joined"])
    let live = scene.tell { $0.mediaArrived(from: Scene.host.id, video: true, audio: true, at: $1) }
    #expect(live == ["room.live"])
    let applied = try scene.tell { try $0.apply(id: "a", media: .video, by: Scene.guest, at: $1) }
    #expect(applied == ["stage.applied"])
    #expect(try scene.tell { try $0.answer(.accept, .application, id: "a", by: Scene.host, at: $1) } == [])
    #expect(try scene.tell { try $0.publishStarted(by: Scene.guest, at: $1) } == ["stage.joined"])
    #expect(scene.tell { $0.mediaArrived(from: Scene.guest.id, video: true, audio: true, at: $1) } == [])
    let muted = try scene.tell {
      try $0.control(Scene.guest.id, ControlsChange(muted: true), by: Scene.host, at: $1)
    }
    #expect(muted == [])
    #expect(scene.tell { $0.connectionLost(of: Scene.guest.id, at: $1) } == ["stage.reconnecting"])
    #expect(scene.tell { $0.connectionRestored(of: Scene.guest.id, at: $1) } == [])
    #expect(scene.tell { $0.connectionLost(of: Scene.guest.id, at: $1) } == ["stage.reconnecting"])
    #expect(try scene.tell { try $0.remove(Scene.guest.id, by: Scene.host, at: $1) } == ["stage.left"])
    var change = RoomChange()
    change.title = "Other"
    #expect(try scene.tell { try $0.update(change, by: Scene.host, at: $1) } == ["room.updated"])
    #expect(try scene.tell { try $0.end(by: Scene.host, at: $1) } == ["stage.left", "room.ended"])
  }

  @Test("A host who stays silent makes his room wait, and live again when he is back")
  func silence() throws {
    var scene = Scene()
    _ = try scene.tell { try $0.publishStarted(by: Scene.host, at: $1) }
    _ = scene.tell { $0.mediaArrived(from: Scene.host.id, video: true, audio: true, at: $1) }
    #expect(scene.tell { $0.connectionLost(of: Scene.host.id, at: $1) } == ["stage.reconnecting"])
    scene.seconds += 25
    #expect(scene.tell { $0.advance(to: $1) } == ["room.waiting"])
    #expect(scene.tell { $0.connectionRestored(of: Scene.host.id, at: $1) } == ["room.live"])
  }

  @Test("A promised seat that is never taken is no departure")
  func neverCame() throws {
    var scene = Scene()
    _ = try scene.tell { try $0.apply(id: "a", media: .video, by: Scene.guest, at: $1) }
    _ = try scene.tell { try $0.answer(.accept, .application, id: "a", by: Scene.host, at: $1) }
    #expect(try scene.tell { try $0.remove(Scene.guest.id, by: Scene.host, at: $1) } == [])
  }
}
