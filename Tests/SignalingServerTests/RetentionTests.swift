import Foundation
import Signaling
import Testing

@testable import SignalingServer

/// What is removed for good, and what is not.
@Suite struct RetentionTests {
  @Test("A room that is over is forgotten with all that is kept of it; open and banned ones stay")
  func rooms() async throws {
    try await withServer(configure: { ($0.limits.retention, $0.limits.sweepInterval) = (0.3, 0.05) }) { server in
      let (host, operators) = (try await server.user("Ann"), try await server.operator())
      let (open, over) = (try await host.openRoom("Open"), try await host.openRoom("Over"))
      let banned = try await host.openRoom("Banned")
      let bob = try await server.user("Bob")
      for room in [open, over] {
        #expect(try await bob.post("/api/v1/rooms/\(room)/messages", #"{"text":"Hi"}"#).status == 201)
        #expect(try await host.send("PUT", "/api/v1/rooms/\(room)/mutes/\(bob.id)").status == 200)
      }
      #expect(try await operators.send("PUT", "/api/v1/room-bans/\(banned)").status == 204)
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(over)").status == 204)
      try await eventually { try await server.anonymous.get("/api/v1/rooms/\(over)").code == "room.unknown" }
      #expect(try await server.count("messages") == 1)
      #expect(try await server.count("sanctions") == 1)
      #expect(try await server.count("rooms") == 2)
      #expect(try await server.anonymous.get("/api/v1/rooms/\(banned)").json["status"] as? String == "ended")
      #expect(try await host.get("/api/v1/rooms/\(open)/messages").list("messages").count == 1)
    }
  }

  @Test("Without a time of retention nothing is removed")
  func forEver() async throws {
    try await withServer(configure: { ($0.limits.retention, $0.limits.sweepInterval) = (0, 0.05) }) { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      try await Task.sleep(for: .milliseconds(300))
      #expect(try await server.anonymous.get("/api/v1/rooms/\(room)").status == 200)
    }
  }

  @Test("Host and operators remove a room that is over, nobody else, and none that is not")
  func erasing() async throws {
    try await withServer { server in
      let (host, bob) = (try await server.user("Ann"), try await server.user("Bob"))
      let operators = try await server.operator()
      let rooms = [try await host.openRoom("1"), try await host.openRoom("2"), try await host.openRoom("3")]
      let data = { (index: Int) in "/api/v1/rooms/\(rooms[index])/data" }
      #expect(try await host.send("DELETE", data(0)).code == "room.open")
      #expect(try await host.post("/api/v1/rooms/\(rooms[0])/messages", #"{"text":"Hi"}"#).status == 201)
      for room in rooms.prefix(2) { #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204) }
      #expect(try await operators.send("PUT", "/api/v1/room-bans/\(rooms[2])").status == 204)
      #expect(try await bob.send("DELETE", data(0)).code == "auth.forbidden")
      #expect(try await host.send("DELETE", data(0)).status == 204)
      #expect(try await operators.send("DELETE", data(1)).status == 204)
      for client in [host, operators] { #expect(try await client.send("DELETE", data(2)).code == "room.banned") }
      for index in 0..<2 {
        #expect(try await server.anonymous.get("/api/v1/rooms/\(rooms[index])").code == "room.unknown")
        #expect(try await host.send("DELETE", data(index)).code == "room.unknown")
      }
      #expect(try await server.count("messages") == 0)
      let ended = try await server.anonymous.get("/api/v1/rooms?status=ended").list("rooms")
      #expect(ended.map { $0["id"] as? String } == [rooms[2]])
    }
  }

  @Test("Guests go when they have had neither session nor room for the whole time; who comes back, and accounts, stay")
  func guests() async throws {
    try await RoomBench.run { bench in
      let store = bench.store
      let room = try await bench.create("Show")
      let gone = StoredUser(person: Person(id: "u_gone", name: "Gone"), kind: .guest)
      let back = StoredUser(person: Person(id: "fan", name: "Fan"), kind: .guest, issuer: "k_1")
      let banned = StoredUser(person: Person(id: "u_bad", name: "Bad"), kind: .guest)
      let account = StoredUser(person: Person(id: "u_acc", name: "Account"), kind: .account, password: "x")
      for user in [gone, back, banned, account] { #expect(try await store.addUser(user)) }
      try await store.putBan(
        StoredBan(user: banned.person, reason: "", bannedBy: "u_op", createdAt: 1))
      let sweep = { (time: Int64, now: Int64) in
        try await store.sweepGuests(after: "", idleBy: time, at: now, limit: 100).removed
      }
      #expect(try await sweep(.max, 1_000).isEmpty)
      #expect(try await sweep(999, 2_000).isEmpty)
      let session = StoredSession(id: "s_1", user: "fan", refresh: nil, issuer: "k_1", expiresAt: 5)
      #expect(try await store.addSession(session, of: back))
      _ = try await store.forgetSessions(expiredBefore: 6)
      #expect(try await sweep(1_500, 2_500) == ["u_gone"])
      #expect(try await sweep(2_499, 3_000).isEmpty)
      #expect(try await sweep(2_500, 3_000) == ["fan"])
      for id in [bench.ann.id, "u_bad", "u_acc"] { #expect(try await store.user(id: id) != nil) }
      #expect(try await store.room(room) != nil)
    }
  }

  @Test("Guests are looked at in pieces, all of them")
  func pieces() async throws {
    try await RoomBench.run { bench in
      for index in 0..<7 {
        let guest = StoredUser(person: Person(id: "g_\(index)", name: "G"), kind: .guest)
        #expect(try await bench.store.addUser(guest))
      }
      var removed: [String] = []
      for now in [Int64(10), 20] {
        var next: String? = ""
        while let after = next {
          let swept = try await bench.store.sweepGuests(after: after, idleBy: 10, at: now, limit: 3)
          removed += swept.removed
          next = swept.last
        }
      }
      #expect(removed.filter { $0.hasPrefix("g_") } == (0..<7).map { "g_\($0)" })
    }
  }

  @Test("What a room still has to store when it is erased is given up")
  func lateWrites() async throws {
    try await RoomBench.run { bench in
      let id = try await bench.create("Show")
      let room = try await bench.registry.room(id)
      try await bench.registry.end(id, by: bench.ann)
      try await bench.registry.erase(id)
      try await room.persist()
      #expect(await room.persistence.isDone)
      #expect(try await bench.store.room(id) == nil)
    }
  }
}
