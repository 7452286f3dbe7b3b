import MediaControl
import Testing

@testable import SignalingServer

@Suite struct MediaRouteTests {
  @Test("WHIP: publish, trickle, restart, end")
  func whip() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let made = try await host.whip(room)
      #expect(made.status == 201 && made.headers["content-type"] == "application/sdp")
      #expect(made.body.hasPrefix("v=0"))
      let path = try #require(made.headers["location"])
      let tag = try #require(made.headers["etag"])
      #expect(path.hasPrefix("/whip/\(room)/") && path.split(separator: "/").last?.count == 22)
      let type = "application/trickle-ice-sdpfrag"
      let trickle = try await host.send("PATCH", path, "a=candidate:1", type: type, headers: ["If-Match": tag])
      #expect(trickle.status == 204)
      let restart = try await host.send("PATCH", path, "a=ice-ufrag:x", type: type, headers: ["If-Match": "*"])
      #expect(restart.status == 200 && restart.headers["etag"] != tag && restart.headers["content-type"] == type)
      let list = "\"other\", \(try #require(restart.headers["etag"]))"
      let known = try await host.send("PATCH", path, "a=candidate:1", type: type, headers: ["If-Match": list])
      #expect(known.status == 204)
      let stale = try await host.send("PATCH", path, "a=candidate:1", type: type, headers: ["If-Match": tag])
      #expect(stale.status == 412 && stale.code == "session.changed")
      #expect(try await host.send("PATCH", path, "x", type: "text/plain").status == 415)
      #expect(try await host.send("DELETE", path).status == 204)
      #expect(server.media.commands.last?.name == "closeSession")
      #expect(try await host.send("DELETE", path).code == "session.unknown")
    }
  }

  @Test("A second publication of the same user replaces the first")
  func replacement() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let second = try await host.whip(room)
      #expect(second.status == 201)
      // The worker gives the place of the old one to the new one.
      #expect(server.media.commands.map(\.name).suffix(2) == ["openPublisher", "closeSession"])
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "live")
      #expect(try await host.get("/api/v1/rooms/\(room)/participants").list("participants").count == 1)
    }
  }

  @Test("Nobody ends, patches or finds somebody else's session")
  func foreignSessions() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let path = try #require(try await host.whip(room).headers["location"])
      let guest = try await server.cohost("Bob", room, host: host)
      let guessed = "/whip/\(room)/AAAAAAAAAAAAAAAAAAAAAA"
      let viaWhep = path.replacing("/whip/", with: "/whep/")
      for client in [guest, server.anonymous] {
        for target in [path, guessed, viaWhep, "/whip/r_none/x"] {
          let answer = try await client.send("DELETE", target)
          #expect(answer.status == 404 && answer.code == "session.unknown", "\(target)")
          let patch = try await client.send("PATCH", target, "x", type: "application/trickle-ice-sdpfrag")
          #expect(patch.status == 404 && patch.code == "session.unknown", "\(target)")
        }
      }
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "live")
      #expect(try await host.send("DELETE", path).status == 204)
    }
  }

  @Test("WHEP: anybody watches the programme, only participants receive the stage")
  func whep() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let viewer = try await server.anonymous.whep(room)
      #expect(viewer.status == 201)
      #expect(try await server.anonymous.send("DELETE", try #require(viewer.headers["location"])).status == 204)
      let guest = try await server.cohost("Bob", room, host: host)
      #expect(try await guest.whep(room, stage: host.id).status == 201)
      #expect(try await host.whep(room, stage: guest.id).status == 201)
      #expect(server.media.commands.last?.name == "openStageReceiver")
      #expect(try await guest.whep(room, stage: guest.id).code == "participant.unknown")
      #expect(try await server.user("Eve").whep(room, stage: host.id).code == "auth.forbidden")
      #expect(try await server.anonymous.whep(room, stage: host.id).code == "auth.required")
      #expect(try await server.anonymous.whep("r_none").code == "room.unknown")
      let before = server.media.commands.count
      #expect(try await guest.send("DELETE", "/api/v1/rooms/\(room)/participants/\(guest.id)").status == 204)
      let closed = server.media.commands.dropFirst(before).count { $0.name == "closeSession" }
      #expect(closed == 3)  // what he sent, what he received, what others received of him
    }
  }

  @Test("Viewers of one site count together, whatever the rest of its IPv6 addresses, those of IPv4 addresses do not")
  func viewerSites() async throws {
    try await withServer(configure: {
      $0.limits.viewersPerAddress = 2
      $0.trustsProxy = true
    }) { server in
      let (_, room) = try await server.liveRoom()
      for (address, status) in [
        ("2001:db8::1", 201), ("2001:db8::2", 201), ("2001:db8::3", 503), ("2001:db8:0:1::1", 201),
        ("::ffff:203.0.113.7", 201), ("203.0.113.7", 201), ("203.0.113.7", 503), ("::ffff:203.0.113.8", 201),
      ] {
        let answer = try await server.anonymous.send(
          "POST", "/whep/\(room)", Client.offer, type: "application/sdp", headers: ["X-Forwarded-For": address])
        #expect(answer.status == status, "\(address)")
      }
    }
  }

  @Test("A refusal by the worker keeps its code and leaves nothing behind")
  func refusals() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      server.media.refuse { command in
        command.name == "openPublisher" ? MediaError(code: "sdp.no-common-codec", message: "No VP8.") : nil
      }
      let answer = try await host.whip(room)
      #expect(answer.status == 406 && answer.code == "sdp.no-common-codec")
      #expect(try await host.get("/api/v1/rooms/\(room)/participants").list("participants").isEmpty)
      server.media.refuse { _ in nil }
      #expect(try await host.whip(room).status == 201)
    }
  }

  @Test("Nobody hears of a publication that the worker refuses, and nothing of it is stored")
  func silentRefusals() async throws {
    try await WebhookReceiver.run { receiver in
      try await withServer(configure: { $0.privateWebhooks = true }) { server in
        let backend = try await server.backend()
        let webhook = #"{"url":"\#(receiver.url)","events":["stage.*"]}"#
        #expect(try await backend.post("/api/v1/webhooks", webhook).status == 201)
        let host = try await server.user("Ann")
        let room = try await host.openRoom()
        server.media.refuse { command in
          command.name == "openPublisher" ? MediaError(code: "sdp.no-rtcp-mux", message: "No.") : nil
        }
        try await host.events(room) { socket in
          _ = try await socket.next("snapshot")
          for _ in 0..<3 { #expect(try await host.whip(room).code == "sdp.no-rtcp-mux") }
          server.media.refuse { _ in nil }
          #expect(try await host.whip(room).status == 201)
          try await socket.send(#"{"type":"like","count":1,"ref":1}"#)
          var heard: [String] = []
          while heard.last != "ack" { heard.append(try await socket.next()["type"] as? String ?? "") }
          #expect(heard.count { $0 == "participant.joined" } == 1 && !heard.contains("participant.left"))
        }
        try await eventually { receiver.received.contains { $0.type == "stage.joined" } }
        #expect(receiver.received.map { $0.type } == ["stage.joined"])
      }
    }
  }

  @Test("Who loses his seat while the worker looks at his offer does not come on stage")
  func removedMeanwhile() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let base = "/api/v1/rooms/\(room)"
      let application = try await bob.post("\(base)/applications", #"{"media":"video"}"#).string("id")
      #expect(try await host.post("\(base)/applications/\(application)/accept").status == 200)
      let before = server.media.commands.count
      let gate = AsyncStream<Void>.makeStream()
      server.media.hold { command in
        if command.name == "openPublisher" { for await _ in gate.stream {} }
      }
      async let answer = bob.whip(room)
      try await eventually { server.media.commands.dropFirst(before).contains { $0.name == "openPublisher" } }
      #expect(try await host.send("DELETE", "\(base)/participants/\(bob.id)").status == 204)
      gate.continuation.finish()
      let status = try await answer.status
      #expect(status == 403 || status == 404)
      #expect(server.media.commands.last?.name == "closeSession")
      #expect(try await host.get("\(base)/participants").list("participants").count == 1)
    }
  }

  @Test("A worker that lost the room is given it again")
  func workerRestart() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      server.media.forgetRooms()
      #expect(try await host.whip(room).status == 201)
      #expect(server.media.commands.count { $0.name == "createRoom" } == 2)
    }
  }

  @Test("A room that nobody uses any more leaves the worker, and comes back when needed")
  func lingering() async throws {
    try await withServer(configure: { $0.limits.mediaLinger = 0.1 }) { server in
      let (host, room) = try await server.liveRoom()
      let viewer = try #require(try await server.anonymous.whep(room).headers["location"])
      let path = try #require(try await host.whip(room).headers["location"])
      #expect(try await host.send("DELETE", path).status == 204)
      try await Task.sleep(for: .milliseconds(300))
      #expect(!server.media.commands.contains { $0.name == "closeRoom" })
      #expect(try await server.anonymous.send("DELETE", viewer).status == 204)
      try await eventually { server.media.commands.contains { $0.name == "closeRoom" } }
      #expect(try await host.whip(room).status == 201)
      #expect(server.media.commands.count { $0.name == "createRoom" } == 2)
    }
  }

  @Test("Offers that are none are refused before they reach the worker")
  func badOffers() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let bodies: [(String, Int, String)] = [
        ("", 400, "sdp.malformed"), ("hello", 400, "sdp.malformed"), ("v=0\r\n", 400, "sdp.malformed"),
        ("v=0\r\nm=audio\0", 400, "sdp.malformed"),
        ("v=0\r\nm=x\r\n" + String(repeating: "a=b\r\n", count: 1100), 400, "sdp.malformed"),
        ("v=0\r\nm=x\r\n" + String(repeating: "a", count: 70_000), 413, "http.too-large"),
      ]
      for (body, status, code) in bodies {
        let answer = try await host.send("POST", "/whip/\(room)", body, type: "application/sdp")
        #expect(answer.status == status && answer.code == code, "\(body.prefix(20)) → \(answer.status) \(answer.body)")
      }
      #expect(try await host.send("POST", "/whip/\(room)", "v=0").status == 415)
      #expect(!server.media.commands.contains { $0.name == "openPublisher" })
    }
  }

  @Test("Pages of any origin may use WHIP and WHEP, without credentials")
  func crossOrigin() async throws {
    try await withServer { server in
      for path in ["/whip/r_x", "/whep/r_x", "/whip/r_x/y"] {
        let answer = try await server.anonymous.send("OPTIONS", path, headers: ["Origin": "https://else.example"])
        #expect(answer.status == 204 && answer.headers["accept-post"] == "application/sdp")
        #expect(answer.headers["access-control-allow-origin"] == "*")
        #expect(answer.headers["access-control-allow-credentials"] == nil)
        #expect(answer.headers["access-control-expose-headers"]?.contains("Location") == true)
      }
      let refused = try await server.anonymous.whip("r_x")
      #expect(refused.status == 401 && refused.headers["access-control-allow-origin"] == "*")
      let api = try await server.anonymous.get("/api/v1/rooms")
      #expect(api.headers["access-control-allow-origin"] == nil)
    }
  }
}
