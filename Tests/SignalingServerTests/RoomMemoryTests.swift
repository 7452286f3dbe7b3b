import Foundation
import MediaControl
import Signaling
import Testing

@testable import SignalingServer

/// What a room still knows after the server was stopped and started again.
@Suite struct RoomMemoryTests {
  private actor Kept {
    var host = Client(port: 0)
    var bob = Client(port: 0)
    var room = ""
    var application = ""
    func keep(_ host: Client, _ bob: Client, _ room: String, _ application: String) {
      (self.host, self.bob, self.room, self.application) = (host, bob, room, application)
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "mixd-memory-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test("Settings, seats, locks, controls and the life of the room come back; what was pending is cancelled")
  func everything() async throws {
    let kept = Kept()
    try await withFolder { folder in
      try await withServer(directory: folder) { server in
        let (host, room) = try await server.liveRoom()
        let base = "/api/v1/rooms/\(room)"
        let wish = #"{"notice":"Hi","tags":["a"],"settings":{"stage":4,"slowMode":5,"wordFilter":["spam"]}}"#
        #expect(try await host.send("PATCH", base, wish).status == 200)
        let bob = try await server.cohost("Bob", room, host: host)
        #expect(try await host.send("PUT", "\(base)/seats/3", #"{"locked":true}"#).status == 200)
        #expect(
          try await host.send("PATCH", "\(base)/participants/\(bob.id)", #"{"muted":true}"#).status == 200)
        let eve = try await server.user("Eve")
        let application = try await eve.post("\(base)/applications", #"{"media":"video"}"#).string("id")
        await kept.keep(host, bob, room, application)
      }
      try await withServer(directory: folder) { server in
        let host = Client(port: server.port, token: await kept.host.token, id: await kept.host.id)
        let bob = Client(port: server.port, token: await kept.bob.token, id: await kept.bob.id)
        let (base, room) = ("/api/v1/rooms/\(await kept.room)", await kept.room)
        let shown = try await host.get(base).json
        #expect(shown["status"] as? String == "waiting" && shown["notice"] as? String == "Hi")
        #expect(shown["startedAt"] is String && shown["endedAt"] is NSNull)
        let settings = try #require(shown["settings"] as? [String: Any])
        #expect(settings["slowMode"] as? Int == 5 && settings["wordFilter"] as? [String] == ["spam"])
        let seats = try await host.get("\(base)/seats").list("seats")
        #expect(seats.map { $0["state"] as? String } == ["taken", "taken", "free", "locked"])
        #expect(seats[1]["userId"] as? String == bob.id)
        let people = try await host.get("\(base)/participants").list("participants")
        #expect(people.map { $0["state"] as? String } == ["reconnecting", "reconnecting"])
        let late = try await host.post("\(base)/applications/\(await kept.application)/accept")
        #expect(late.code == "application.closed")
        #expect(try await bob.whip(room).status == 201)
        let unmute = try await bob.send("PATCH", "\(base)/participants/\(bob.id)", #"{"muted":false}"#)
        #expect(unmute.status == 403 && unmute.code == "participant.muted-by-host")
        try await server.arrive(bob, room)
        #expect(server.media.commands.contains { $0.name == "setParticipant" })
      }
    }
  }

  @Test("A room that nobody comes back to ends by itself, even if nobody has looked at it since the restart")
  func unused() async throws {
    let kept = Kept()
    try await withFolder { folder in
      try await withServer(directory: folder) { server in
        let host = try await server.user("Ann")
        await kept.keep(host, host, try await host.openRoom(), "")
      }
      let hasty: (inout SignalingServerConfiguration) -> Void = {
        $0.limits.room.unused = 0.1
        $0.limits.tidyInterval = 0.05
      }
      try await withServer(directory: folder, configure: hasty) { server in
        let room = await kept.room
        try await eventually {
          try await server.anonymous.get("/api/v1/rooms/\(room)").json["endReason"] as? String == "abandoned"
        }
        #expect(try await server.anonymous.get("/api/v1/rooms").list("rooms").isEmpty)
      }
    }
  }

  @Test("A silent host's room leaves the live list, comes back with him, and ends without him")
  func silence() async throws {
    let quick: (inout SignalingServerConfiguration) -> Void = {
      ($0.limits.room.silenceNotice, $0.limits.room.hostSilence, $0.limits.room.hostAbsence) = (0, 0.2, 8)
    }
    try await withServer(configure: quick) { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let location = try #require(try await host.whip(room).headers["location"])
      try await server.arrive(host, room)
      let id = SessionID(rawValue: String(try #require(location.split(separator: "/").last)))
      let lives = { try await server.anonymous.get("/api/v1/rooms?status=live").list("rooms").count }
      try await eventually { try await lives() == 1 }
      server.media.emit(.sessionState(id, RoomID(rawValue: room), .disconnected))
      try await eventually { try await lives() == 0 }
      server.media.emit(.sessionState(id, RoomID(rawValue: room), .connected))
      try await eventually { try await lives() == 1 }
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        server.media.emit(.sessionState(id, RoomID(rawValue: room), .disconnected))
        let last = try await socket.next("room.ended")["room"] as? [String: Any]
        #expect(last?["endReason"] as? String == "abandoned" && last?["status"] as? String == "ended")
        #expect(try await socket.closeCode() == 4410)
      }
      #expect(try await host.whip(room).code == "room.ended")
    }
  }
}
