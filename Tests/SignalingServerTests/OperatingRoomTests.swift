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
