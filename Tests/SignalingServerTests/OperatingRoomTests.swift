import Foundation
import Testing

@testable import SignalingServer

/// What operators do to rooms of others.
@Suite struct OperatingRoomTests {
  @Test("An operator warns a room and closes it; everybody hears why before it is over")
  func close() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let admin = try await server.operator()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await admin.post("\(base)/warn", #"{"text":"  "}"#).code == "room.warning")
        #expect(try await admin.post("\(base)/warn", #"{"text":"Please stop"}"#).status == 204)
        #expect(try await socket.next("room.warned")["text"] as? String == "Please stop")
        #expect(try await admin.post("\(base)/close", #"{"reason":"Enough"}"#).status == 204)
        #expect(try await socket.next("room.warned")["text"] as? String == "Enough")
        let last = try await socket.next("room.ended")["room"] as? [String: Any]
        #expect(last?["endReason"] as? String == "operator")
        #expect(try await socket.closeCode() == 4410)
      }
      #expect(server.media.commands.contains { $0.name == "closeRoom" })
      #expect(try await host.whip(room).code == "room.ended")
      #expect(try await admin.post("\(base)/close").code == "room.ended")
    }
  }

  @Test("A banned room is never live again, whether it was open or over")
  func ban() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let admin = try await server.operator()
      #expect(try await host.send("PUT", "/api/v1/room-bans/\(room)").code == "auth.forbidden")
      #expect(try await admin.send("PUT", "/api/v1/room-bans/\(room)").status == 204)
      let push = try await host.whip(room)
      #expect(push.status == 403 && push.code == "room.banned")
      let over = try await host.openRoom()
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(over)").status == 204)
      #expect(try await host.whip(over).code == "room.ended")
      for _ in 0..<2 { #expect(try await admin.send("PUT", "/api/v1/room-bans/\(over)").status == 204) }
      #expect(try await host.whip(over).code == "room.banned")
      #expect(try await server.anonymous.get("/api/v1/rooms/\(over)").string("endReason") == "host")
      #expect(try await admin.send("PUT", "/api/v1/room-bans/r_none").code == "room.unknown")
    }
  }

  @Test("A ban is lifted: the room it has ended waits for its host again, one that was over before stays over")
  func lift() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let over = try await host.openRoom("Over")
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(over)").status == 204)
      let admin = try await server.operator()
      for id in [room, over] {
        #expect(try await admin.send("PUT", "/api/v1/room-bans/\(id)", #"{"reason":"Rules"}"#).status == 204)
      }
      #expect(try await host.whip(room).code == "room.banned")
      for id in [room, over] {
        #expect(try await admin.send("DELETE", "/api/v1/room-bans/\(id)").status == 204)
        #expect(try await admin.send("DELETE", "/api/v1/room-bans/\(id)").code == "room.not-banned")
      }
      let shown = try await host.get("/api/v1/rooms/\(room)").json
      #expect(shown["status"] as? String == "waiting" && shown["endReason"] == nil && shown["endedAt"] is NSNull)
      #expect(try await host.whip(room).status == 201)
      try await server.arrive(host, room)
      #expect(try await host.whip(over).code == "room.ended")
      #expect(try await admin.get("/api/v1/room-bans").list("roomBans").isEmpty)
    }
  }

  @Test("Operators see which rooms are banned, why and by whom, page by page; nobody else does")
  func bans() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let admin = try await server.operator()
      var rooms: [String] = []
      for index in 0..<5 { rooms.append(try await host.openRoom("\(index)")) }
      for id in rooms { #expect(try await admin.send("PUT", "/api/v1/room-bans/\(id)").status == 204) }
      #expect(try await admin.send("PUT", "/api/v1/room-bans/\(rooms[0])", #"{"reason":"x"}"#).status == 204)
      var (seen, cursor) = ([String](), "")
      repeat {
        let page = try await admin.get("/api/v1/room-bans?limit=2&cursor=\(cursor)")
        seen += try page.list("roomBans").compactMap { $0["roomId"] as? String }
        cursor = try page.json["next"] as? String ?? ""
      } while !cursor.isEmpty
      #expect(seen == rooms.reversed())
      let ban = try await admin.get("/api/v1/room-bans/\(rooms[1])").json
      #expect(ban["hostId"] as? String == host.id && ban["title"] as? String == "1")
      #expect(ban["bannedBy"] as? String == admin.id)
      #expect(try await admin.get("/api/v1/room-bans?cursor=x").code == "room.cursor")
      #expect(try await admin.get("/api/v1/room-bans/r_none").code == "room.not-banned")
      #expect(try await host.get("/api/v1/room-bans").code == "auth.forbidden")
    }
  }

  @Test("An operator sees and moderates a room as an admin does")
  func moderate() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let admin = try await server.operator()
      #expect(try await admin.send("PATCH", base, #"{"settings":{"muteAll":true,"wordFilter":["x"]}}"#).status == 200)
      #expect(try await admin.send("PATCH", base, #"{"title":"Mine"}"#).code == "auth.forbidden")
      let bob = try await server.cohost("Bob", room, host: host)
      #expect(try await admin.send("PATCH", "\(base)/participants/\(bob.id)", #"{"muted":true}"#).status == 200)
      #expect(
        try await admin.send("PATCH", "\(base)/participants/\(host.id)", #"{"muted":true}"#).code == "auth.forbidden")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await admin.send("DELETE", "\(base)/participants/\(bob.id)?reason=Noise").status == 204)
        #expect(try await socket.next("participant.left")["reason"] as? String == "kicked")
        #expect(try await socket.next("participant.kicked")["text"] as? String == "Noise")
      }
    }
  }
}
