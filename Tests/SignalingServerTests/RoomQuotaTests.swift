import Testing

@testable import SignalingServer

@Suite struct RoomQuotaTests {
  private func open(_ client: Client, host: String? = nil) async throws -> Answer {
    try await client.post("/api/v1/rooms", #"{"title":"Show"\#(host.map { #","hostId":"\#($0)""# } ?? "")}"#)
  }

  @Test("Guests have fewer open rooms than accounts, operators as many as they like; rooms that are over do not count")
  func limits() async throws {
    try await withServer(configure: { ($0.limits.roomsPerGuest, $0.limits.roomsPerAccount) = (2, 3) }) { server in
      for (client, limit) in [(try await server.user("Guest"), 2), (try await server.account("account-1"), 3)] {
        var rooms: [String] = []
        for _ in 0..<limit { rooms.append(try await open(client).string("id")) }
        let refused = try await open(client)
        #expect(refused.status == 409 && refused.code == "room.too-many")
        #expect(try await client.send("DELETE", "/api/v1/rooms/\(rooms[0])").status == 204)
        #expect(try await open(client).status == 201)
      }
      let admin = try await server.operator()
      for _ in 0..<5 { #expect(try await open(admin).status == 201) }
    }
  }

  @Test("Rooms that are made at the same moment count too, and those of backends as an account's")
  func atOnce() async throws {
    try await withServer(configure: { ($0.limits.roomsPerGuest, $0.limits.roomsPerAccount) = (3, 4) }) { server in
      let guest = try await server.user("Guest")
      let tasks = (0..<12).map { _ in Task { try await open(guest).status } }
      var made = 0
      for task in tasks where try await task.value == 201 { made += 1 }
      #expect(made == 3)
      let backend = try await server.backend()
      let user = try await backend.post("/api/v1/tokens", #"{"name":"Lee"}"#).string("userId")
      for _ in 0..<4 { #expect(try await open(backend, host: user).status == 201) }
      #expect(try await open(backend, host: user).code == "room.too-many")
    }
  }

  @Test("All guests of one address share a pace, unless it is this machine itself")
  func address() async throws {
    try await withServer(configure: { ($0.limits.guestRoomsBurst, $0.limits.guestRoomsPerMinute) = (2, 1) }) { server in
      let proxied = ["X-Forwarded-For": "203.0.113.7"]
      var answers: [Answer] = []
      for number in 0..<3 {
        let guest = try await server.user("Guest \(number)")
        answers.append(try await guest.send("POST", "/api/v1/rooms", #"{"title":"Show"}"#, headers: proxied))
        #expect(try await open(guest).status == 201)
      }
      #expect(answers.map(\.status) == [201, 201, 429] && answers[2].code == "room.too-often")
      let account = try await server.account("account-1")
      #expect(try await account.send("POST", "/api/v1/rooms", #"{"title":"Show"}"#, headers: proxied).status == 201)
    }
  }

  @Test("Attempts that come to nothing take nothing from the pace of a user and of the guests of his address")
  func refusedAttempts() async throws {
    try await withServer(configure: {
      ($0.limits.roomsBurst, $0.limits.roomsPerMinute, $0.limits.roomsPerGuest) = (2, 1, 1)
      ($0.limits.guestRoomsBurst, $0.limits.guestRoomsPerMinute) = (3, 1)
    }) { server in
      let proxied = ["X-Forwarded-For": "203.0.113.7"]
      let make = { (guest: Client, title: String) in
        try await guest.send("POST", "/api/v1/rooms", #"{"title":"\#(title)"}"#, headers: proxied)
      }
      let (ann, bob) = (try await server.user("Ann"), try await server.user("Bob"))
      for _ in 0..<2 {
        for _ in 0..<4 { #expect(try await make(ann, "").code == "room.title") }
        let room = try await make(ann, "Show").string("id")
        // Also when he has made as many as the pace allows: waiting would not help him.
        for _ in 0..<4 { #expect(try await make(ann, "Other").code == "room.too-many") }
        #expect(try await ann.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      }
      #expect(try await make(ann, "Third").code == "room.too-often")
      // Ann's third has not taken the last one of her address.
      #expect(try await make(bob, "Show").status == 201)
      #expect(try await make(try await server.user("Eve"), "Show").code == "room.too-often")
    }
  }

  @Test("Who makes rooms too often waits, also if he ends them again")
  func pace() async throws {
    try await withServer(configure: { ($0.limits.roomsBurst, $0.limits.roomsPerMinute) = (2, 1) }) { server in
      let guest = try await server.user("Guest")
      for _ in 0..<2 {
        let room = try await guest.openRoom()
        #expect(try await guest.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      }
      let refused = try await open(guest)
      #expect(refused.status == 429 && refused.code == "room.too-often")
      let pause = try #require(refused.headers["retry-after"].flatMap { Int($0) })
      #expect((50...60).contains(pause))
      #expect(try await open(try await server.user("Other")).status == 201)
    }
  }
}
