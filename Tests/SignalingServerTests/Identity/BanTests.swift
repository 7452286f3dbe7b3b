import MediaControl
import Testing

@testable import SignalingServer

@Suite struct BanTests {
  @Test("A ban voids tokens, closes sockets, cuts publications and leaves the stage, until it is lifted")
  func ban() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let (host, room) = try await server.liveRoom()
      let bob = try await server.cohost("Bob", room, host: host)
      #expect(try await bob.whep(room).status == 201)
      let code = try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        let before = server.media.commands.count
        let banned = try await admin.send("PUT", "/api/v1/bans/\(bob.id)", #"{"reason":"Rude"}"#)
        #expect(banned.status == 200)
        #expect(try banned.string("reason") == "Rude")
        let closed = server.media.commands.dropFirst(before).count { $0.name == "closeSession" }
        #expect(closed == 2)
        return try await socket.closeCode()
      }
      #expect(code == 4403)
      let people = try await host.get("/api/v1/rooms/\(room)/participants").list("participants")
      #expect(people.count == 1)
      for answer in [
        try await bob.get("/api/v1/users/me"), try await bob.whip(room), try await bob.whep(room),
        try await bob.post("/api/v1/rooms", #"{"title":"x"}"#),
      ] {
        #expect(answer.status == 403 && answer.code == "auth.banned")
      }
      #expect(try await admin.get("/api/v1/bans/\(bob.id)").string("name") == "Bob")
      #expect(try await admin.get("/api/v1/bans").list("bans").count == 1)
      #expect(try await admin.send("DELETE", "/api/v1/bans/\(bob.id)").status == 204)
      #expect(try await bob.get("/api/v1/users/me").status == 200)
      #expect(try await admin.send("DELETE", "/api/v1/bans/\(bob.id)").code == "ban.unknown")
      #expect(try await admin.get("/api/v1/bans/\(bob.id)").code == "ban.unknown")
    }
  }

  @Test("A ban ends what was asked for: applications, promised seats and admin rights, and nobody can give them again")
  func requests() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      #expect(try await host.send("PUT", "\(base)/admins/\(bob.id)").status == 204)
      let waiting = try await bob.post("\(base)/applications", #"{"media":"video"}"#).string("id")
      let promised = try await eve.post("\(base)/applications", #"{"media":"video"}"#).string("id")
      #expect(try await host.post("\(base)/applications/\(promised)/accept").status == 200)
      for user in [bob, eve] { #expect(try await admin.send("PUT", "/api/v1/bans/\(user.id)").status == 200) }
      #expect(try await host.post("\(base)/applications/\(waiting)/accept").status != 200)
      #expect(try await host.get("\(base)/applications").list("applications").isEmpty)
      #expect(try await host.get("\(base)/seats").list("seats")[1]["state"] as? String == "free")
      #expect(try await host.get("\(base)/admins").list("admins").isEmpty)
      let invitation = try await host.post("\(base)/invitations", #"{"userId":"\#(bob.id)"}"#)
      #expect(invitation.status == 403 && invitation.code == "room.user-banned")
      #expect(try await host.send("PUT", "\(base)/admins/\(bob.id)").code == "room.user-banned")
    }
  }

  @Test("A ban takes admin rights in rooms that are not in use too, and lifting it does not give them back")
  func unusedRooms() async throws {
    try await withServer(configure: { ($0.limits.loadedRooms, $0.limits.roomGrace) = (1, 0) }) { server in
      let (admin, host) = (try await server.operator(), try await server.user("Ann"))
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      var rooms: [String] = []
      for _ in 0..<2 {
        let room = try await host.openRoom()
        for user in [bob, eve] {
          #expect(try await host.send("PUT", "/api/v1/rooms/\(room)/admins/\(user.id)").status == 204)
        }
        rooms.append(room)
      }
      #expect(try await admin.send("PUT", "/api/v1/bans/\(bob.id)").status == 200)
      #expect(try await admin.send("DELETE", "/api/v1/bans/\(bob.id)").status == 204)
      for room in rooms {
        let admins = try await host.get("/api/v1/rooms/\(room)/admins").list("admins")
        #expect(admins.map { $0["userId"] as? String } == [eve.id])
        #expect(try await bob.get("/api/v1/rooms/\(room)/mutes").status == 403)
      }
    }
  }

  @Test("A banned account cannot sign in or refresh; the operator cannot be banned")
  func accounts() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let made = try await server.anonymous.post("/api/v1/accounts", credentials("known-name", "correct horse"))
      let id = try made.string("userId")
      #expect(try await admin.send("PUT", "/api/v1/bans/\(id)").status == 200)
      let signIn = try await server.anonymous.post("/api/v1/sessions/login", credentials("known-name", "correct horse"))
      #expect(signIn.code == "auth.banned")
      let refresh = #"{"refreshToken":"\#(try made.string("refreshToken"))"}"#
      #expect(try await server.anonymous.post("/api/v1/sessions/refresh", refresh).code == "auth.banned")
      #expect(try await admin.send("PUT", "/api/v1/bans/\(admin.id)").code == "auth.forbidden")
      #expect(try await admin.send("PUT", "/api/v1/bans/u_nobody").code == "user.unknown")
      let long = #"{"reason":"\#(String(repeating: "x", count: 101))"}"#
      #expect(try await admin.send("PUT", "/api/v1/bans/\(id)", long).code == "ban.reason")
    }
  }

  @Test("The list of bans comes in pages")
  func pages() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      for index in 0..<5 {
        let user = try await server.user("U\(index)")
        #expect(try await admin.send("PUT", "/api/v1/bans/\(user.id)").status == 200)
      }
      var names: [String] = []
      var cursor: String?
      repeat {
        let page = try await admin.get("/api/v1/bans?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
        names += try page.list("bans").compactMap { $0["name"] as? String }
        cursor = try page.json["next"] as? String
      } while cursor != nil
      #expect(names == ["U4", "U3", "U2", "U1", "U0"])
      for query in ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=0", "cursor=-1"] {
        #expect(try await admin.get("/api/v1/bans?\(query)").code == "http.bad-request", "\(query)")
      }
    }
  }
}
