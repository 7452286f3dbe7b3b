import MediaControl
import Signaling
import Testing

@testable import SignalingServer

@Suite struct AudienceRouteTests {
  @Test("When a room is over it still says how many viewers it had at most, and what it was given")
  func summary() async throws {
    try await withServer(configure: { $0.limits.room.viewerCountInterval = 0.05 }) { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await eve.events(room) { _ in
          while try await socket.next("viewer.count")["viewers"] as? Int != 2 {}
        }
        #expect(try await bob.post("/api/v1/rooms/\(room)/gifts", #"{"giftId":"rose","count":3}"#).status == 201)
        #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
        let last = try #require(try await socket.next("room.ended")["room"] as? [String: Any])
        #expect(last["peakViewers"] as? Int == 2 && last["gifts"] as? Int == 3)
      }
      let shown = try await server.anonymous.get("/api/v1/rooms/\(room)").json
      #expect(shown["peakViewers"] as? Int == 2 && shown["gifts"] as? Int == 3 && shown["endedAt"] is String)
    }
  }

  private func session(_ answer: Answer) throws -> SessionID {
    SessionID(rawValue: String(try #require(answer.headers["location"]?.split(separator: "/").last)))
  }

  @Test("Who only receives the programme counts as a viewer while he does, and who also has the page open once")
  func watchers() async throws {
    try await withServer { server in
      let (_, id) = try await server.liveRoom()
      let room = RoomID(rawValue: id)
      let viewers: @Sendable () async throws -> Int? = {
        try await server.anonymous.get("/api/v1/rooms/\(id)").json["viewers"] as? Int
      }
      let (stranger, bob) = (try session(try await server.anonymous.whep(id)), try await server.user("Bob"))
      #expect(try await viewers() == 0)
      server.media.emit(.sessionState(stranger, room, .connected))
      try await eventually { try await viewers() == 1 }
      try await bob.events(id) { socket in
        _ = try await socket.next("snapshot")
        let own = try session(try await bob.whep(id))
        for _ in 0..<2 { server.media.emit(.sessionState(own, room, .connected)) }
        #expect(try await socket.next("viewer.count")["viewers"] as? Int == 2)
        server.media.emit(.sessionState(stranger, room, .closed))
        #expect(try await socket.next("viewer.count")["viewers"] as? Int == 1)
        #expect(try await viewers() == 1)
        #expect(try await bob.send("DELETE", "/whep/\(id)/\(own.rawValue)").status == 204)
        #expect(try await viewers() == 1)
      }
      try await eventually { try await viewers() == 0 }
    }
  }

  @Test("Applicants and helpers are told when somebody ahead is gone")
  func queue() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      let path = "/api/v1/rooms/\(room)/applications"
      try await host.events(room) { hostSocket in
        try await eve.events(room) { socket in
          let first = try await bob.post(path, #"{"media":"video"}"#).string("id")
          let mine = try await eve.post(path, #"{"media":"video"}"#)
          #expect(try mine.json["position"] as? Int == 2)
          let id = try mine.string("id")
          #expect(try await host.post("\(path)/\(first)/reject").status == 200)
          for listener in [socket, hostSocket] {
            var update: [String: Any]?
            repeat {
              update = try await listener.next("application.updated")["application"] as? [String: Any]
            } while update?["id"] as? String != id
            #expect(update?["state"] as? String == "pending" && update?["position"] as? Int == 1)
            #expect(update?["total"] as? Int == 1)
          }
        }
      }
    }
  }
}
