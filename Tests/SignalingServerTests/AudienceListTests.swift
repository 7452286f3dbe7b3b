import MediaControl
import Testing

@testable import SignalingServer

@Suite struct AudienceListTests {
  private func audience(_ client: Client, _ room: String, _ query: String = "") async throws -> [[String: Any]] {
    try await client.get("/api/v1/rooms/\(room)/audience\(query)").list("audience")
  }

  @Test("Everybody in the room is listed once, whatever number of sockets he has, with what is known of him")
  func people() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      #expect(try await audience(host, room).isEmpty)
      try await bob.events(room) { first in
        try await bob.events(room) { second in
          try await eve.events(room) { third in
            for socket in [first, second, third] { _ = try await socket.next("snapshot") }
            let application = try await bob.post("\(base)/applications", #"{"media":"video"}"#).string("id")
            #expect(try await host.send("PUT", "\(base)/mutes/\(eve.id)", #"{"seconds":60}"#).status == 200)
            let members = try await audience(host, room)
            try #require(members.map { $0["userId"] as? String } == [bob.id, eve.id])
            #expect(members.map { $0["name"] as? String } == ["Bob", "Eve"])
            #expect(members.allSatisfy { $0["role"] as? String == "viewer" && $0["admin"] == nil })
            #expect(members[0]["applicationId"] as? String == application && members[0]["muted"] as? Bool == false)
            #expect(members[1]["applicationId"] == nil && members[1]["muted"] as? Bool == true)
            let left = try #require(members[1]["mutedFor"] as? Int)
            #expect((1...60).contains(left))
            let since = try #require(members[0]["since"] as? Int)
            #expect(abs(Int(ServerClock.wallMilliseconds()) - since) < 60_000)
            #expect(try await bob.send("PATCH", "/api/v1/users/me", #"{"name":"Zoe"}"#).status == 200)
            #expect(try await audience(host, room).map { $0["name"] as? String } == ["Eve", "Zoe"])
          }
        }
        try await eventually { try await audience(host, room).count == 1 }
      }
      try await eventually { try await audience(host, room).isEmpty }
    }
  }

  @Test("Who only watches under his name is there, a stranger is not; backends may ask, and for nothing that is over")
  func watchers() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, backend) = (try await server.user("Bob"), try await server.backend())
      for answer in [try await server.anonymous.whep(room), try await bob.whep(room)] {
        let name = try #require(answer.headers["location"]?.split(separator: "/").last)
        let session = SessionID(rawValue: String(name))
        server.media.emit(.sessionState(session, RoomID(rawValue: room), .connected))
      }
      try await eventually { try await server.anonymous.get("/api/v1/rooms/\(room)").json["viewers"] as? Int == 2 }
      #expect(try await audience(backend, room).map { $0["userId"] as? String } == [bob.id])
      #expect(try await bob.get("/api/v1/rooms/\(room)/audience").code == "auth.forbidden")
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      #expect(try await backend.get("/api/v1/rooms/\(room)/audience").code == "room.ended")
    }
  }

  @Test("The list comes page by page")
  func pages() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      try await bob.events(room) { first in
        _ = try await first.next("snapshot")
        try await eve.events(room) { second in
          _ = try await second.next("snapshot")
          let page = try await host.get("/api/v1/rooms/\(room)/audience?limit=1")
          #expect(try page.list("audience").map { $0["userId"] as? String } == [bob.id])
          let rest = try await host.get("/api/v1/rooms/\(room)/audience?limit=1&cursor=\(try page.string("next"))")
          #expect(try rest.list("audience").map { $0["userId"] as? String } == [eve.id])
          #expect(try await host.get("/api/v1/rooms/\(room)/audience?limit=0").code == "room.cursor")
        }
      }
    }
  }
}
