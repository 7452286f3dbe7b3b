import MediaControl
import Testing

@testable import SignalingServer

/// Lost connections as clients hear of them.
@Suite struct ReconnectionRouteTests {
  func session(_ answer: Answer) throws -> SessionID {
    SessionID(rawValue: String(try #require(answer.headers["location"]?.split(separator: "/").last)))
  }

  func state(_ user: Client, _ room: String) async throws -> String? {
    let people = try await user.get("/api/v1/rooms/\(room)/participants").list("participants")
    return people.first { $0["userId"] as? String == user.id }?["state"] as? String
  }

  @Test("Everybody hears who reconnects and that he is back")
  func silenceAndReturn() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let guest = try await server.cohost("Bob", room, host: host)
      let session = try session(try await guest.whip(room))
      try await server.arrive(guest, room)
      let id = RoomID(rawValue: room)
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        server.media.emit(.sessionState(session, id, .connected))
        server.media.emit(.sessionState(session, id, .disconnected))
        let lost = try #require(try await socket.next("participant.updated")["participant"] as? [String: Any])
        #expect(lost["userId"] as? String == guest.id && lost["state"] as? String == "reconnecting")
        server.media.emit(.sessionState(session, id, .connected))
        let back = try #require(try await socket.next("participant.updated")["participant"] as? [String: Any])
        #expect(back["state"] as? String == "live")
      }
      #expect(try await state(guest, room) == "live")
    }
  }

  @Test("A lost publication keeps seat, stage receivers and a live room; a new one takes over")
  func takeOver() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let guest = try await server.cohost("Bob", room, host: host)
      let session = try session(try await host.whip(room))
      try await server.arrive(host, room)
      #expect(try await guest.whep(room, stage: host.id).status == 201)
      let before = server.media.commands.count
      server.media.emit(.sessionState(session, RoomID(rawValue: room), .closed))
      try await eventually { try await state(host, room) == "reconnecting" }
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "live")
      #expect(try await host.whip(room).status == 201)
      #expect(try await state(host, room) == "reconnecting")
      try await server.arrive(host, room)
      #expect(!server.media.commands.dropFirst(before).contains { $0.name == "closeSession" })
    }
  }

  @Test("DELETE by a co-host frees his seat at once")
  func leaving() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let guest = try await server.cohost("Bob", room, host: host)
      let path = try #require(try await guest.whip(room).headers["location"])
      #expect(try await guest.send("DELETE", path).status == 204)
      #expect(try await state(guest, room) == nil)
      #expect(try await guest.whip(room).code == "participant.seat-required")
    }
  }

  @Test("A new publication that the worker refuses changes nothing for the old one")
  func refusedTakeOver() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      server.media.refuse { command in
        command.name == "openPublisher" ? MediaError(code: "sdp.no-common-codec", message: "No VP8.") : nil
      }
      #expect(try await host.whip(room).status == 406)
      #expect(try await state(host, room) == "live")
    }
  }
}
