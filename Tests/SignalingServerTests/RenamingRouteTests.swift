import Testing

@testable import SignalingServer

@Suite struct RenamingRouteTests {
  private func rename(_ client: Client, _ name: String) async throws {
    #expect(try await client.send("PATCH", "/api/v1/users/me", #"{"name":"\#(name)"}"#).status == 200)
  }

  private func names(_ client: Client, _ path: String, _ list: String) async throws -> [String] {
    try await client.get(path).list(list).compactMap { $0["name"] as? String }
  }

  @Test("After a new name all lists have it, and the room is told")
  func lists() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let bob = try await server.cohost("Bob", room, host: host)
      let (eve, zoe) = (try await server.user("Eve"), try await server.user("Zoe"))
      #expect(try await host.send("PUT", "\(base)/admins/\(bob.id)").status == 204)
      #expect(try await eve.post("\(base)/applications", #"{"media":"video"}"#).status == 201)
      #expect(try await host.send("PUT", "\(base)/bans/\(zoe.id)").status == 200)
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        for (client, name) in [(bob, "Robert"), (eve, "Eva"), (zoe, "Zola")] {
          try await rename(client, name)
          let told = try await socket.next("member.renamed")
          #expect(told["userId"] as? String == client.id && told["name"] as? String == name)
        }
        try await rename(host, "Anna")
        #expect(try await socket.next("member.renamed")["userId"] as? String == host.id)
        let shown = try await socket.next("room.updated")["room"] as? [String: Any]
        #expect(shown?["hostName"] as? String == "Anna")
      }
      #expect(try await names(host, "\(base)/participants", "participants") == ["Anna", "Robert"])
      #expect(try await names(host, "\(base)/admins", "admins") == ["Robert"])
      #expect(try await names(host, "\(base)/applications", "applications") == ["Eva"])
      #expect(try await names(host, "\(base)/bans", "bans") == ["Zola"])
      #expect(try await host.get("/api/v1/rooms?q=anna").list("rooms").count == 1)
    }
  }

  @Test("A room that was not in use has the new names too, and so has one whose user's backend names him anew")
  func unusedRooms() async throws {
    try await withServer(configure: { ($0.limits.loadedRooms, $0.limits.roomGrace) = (1, 0) }) { server in
      let (host, backend) = (try await server.user("Ann"), try await server.backend())
      let (bob, room) = (try await server.user("Bob"), try await host.openRoom())
      let base = "/api/v1/rooms/\(room)"
      let mint = { (name: String) in
        try await backend.post("/api/v1/tokens", #"{"userId":"fan","name":"\#(name)"}"#).status
      }
      #expect(try await mint("Fan") == 201)
      for user in [bob.id, "fan"] {
        #expect(try await host.send("PUT", "\(base)/admins/\(user)").status == 204)
      }
      _ = try await host.openRoom("Other")
      try await rename(bob, "Robert")
      #expect(try await names(host, "\(base)/admins", "admins") == ["Fan", "Robert"])
      #expect(try await mint("Fanny") == 201)
      #expect(try await names(host, "\(base)/admins", "admins") == ["Fanny", "Robert"])
    }
  }

  @Test("Rooms that are over or not in use are found by the name their host has now, and no more by his old one")
  func search() async throws {
    try await withServer(configure: { ($0.limits.loadedRooms, $0.limits.roomGrace) = (1, 0) }) { server in
      let (host, backend) = (try await server.user("Annabel"), try await server.backend())
      let over = try await host.openRoom("Over")
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(over)").status == 204)
      let open = try await host.post("/api/v1/rooms", #"{"title":"Open","tags":["Violin"]}"#).string("id")
      let mint = { (name: String) in
        try await backend.post("/api/v1/tokens", #"{"userId":"fan","name":"\#(name)"}"#).status
      }
      #expect(try await mint("Florence") == 201)
      let shop = try await backend.post("/api/v1/rooms", #"{"title":"Shop","hostId":"fan"}"#).string("id")
      _ = try await server.user("Zoe").openRoom("Other")
      try await rename(host, "Beatrice")
      #expect(try await mint("Gertrude") == 201)
      let searches: [(query: String, found: [String])] = [
        ("q=annabel", []), ("q=annabel&status=ended", []), ("q=beatrice", [open]), ("q=BEATRICE&status=ended", [over]),
        ("q=florence", []), ("q=gertrude", [shop]), ("q=violin", [open]), ("tag=violin", [open]), ("q=\(over)", []),
        ("q=\(open)", [open]),
      ]
      for (query, found) in searches {
        let rooms = try await server.anonymous.get("/api/v1/rooms?\(query)").list("rooms")
        #expect(rooms.compactMap { $0["id"] as? String } == found, "\(query)")
      }
    }
  }
}
