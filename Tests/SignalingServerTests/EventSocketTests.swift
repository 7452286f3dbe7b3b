import MediaControl
import Testing

@testable import SignalingServer

@Suite struct EventSocketTests {
  @Test("Apply and accept over the socket: both sides hear of it, and the snapshot knows it later")
  func application() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await host.events(room) { hostSocket in
        let snapshot = try await hostSocket.next()
        #expect(snapshot["type"] as? String == "snapshot" && snapshot["role"] as? String == "host")
        #expect((snapshot["participants"] as? [Any])?.count == 1 && snapshot["outputs"] is [Any])
        try await bob.events(room) { bobSocket in
          let mine = try await bobSocket.next()
          #expect(mine["role"] as? String == "viewer" && mine["outputs"] == nil)
          try await bobSocket.send(#"{"type":"apply","ref":7,"media":"audio"}"#)
          let ack = try await bobSocket.next("ack")
          #expect(ack["ref"] as? Int == 7)
          let id = try #require(ack["id"] as? String)
          let created = try await hostSocket.next("application.created")["application"] as? [String: Any]
          #expect(created?["id"] as? String == id && created?["name"] as? String == "Bob")
          try await hostSocket.send(#"{"type":"accept","ref":"x","id":"\#(id)"}"#)
          #expect(try await hostSocket.next("ack")["ref"] as? String == "x")
          let updated = try await bobSocket.next("application.updated")["application"] as? [String: Any]
          #expect(updated?["state"] as? String == "accepted")
          #expect(try await bob.whip(room).status == 201)
          let joined = try await hostSocket.next("participant.joined")["participant"] as? [String: Any]
          #expect(joined?["userId"] as? String == bob.id && joined?["state"] as? String == "connecting")
          try await bobSocket.send(#"{"type":"leave","ref":8}"#)
          let left = try await hostSocket.next("participant.left")
          #expect(left["userId"] as? String == bob.id && left["reason"] as? String == "left")
        }
      }
    }
  }

  @Test("Others hear nothing of an application")
  func privacy() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      try await eve.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await bob.post("/api/v1/rooms/\(room)/applications", #"{"media":"video"}"#).status == 201)
        _ = try await host.send("PATCH", "/api/v1/rooms/\(room)", #"{"title":"Marker"}"#)
        while true {
          let type = try await socket.next()["type"] as? String
          #expect(["room.updated", "viewer.count", "audience"].contains(type))
          if type == "room.updated" { break }
        }
      }
    }
  }

  @Test("Scene, outputs, chat, viewers and the end are told")
  func otherEvents() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let scene = SceneDescription(layout: "grid", canvas: .init(width: 2, height: 2), layers: [])
        server.media.emit(.sceneChanged(RoomID(rawValue: room), scene))
        let told = try await socket.next("scene.changed")["scene"] as? [String: Any]
        #expect(told?["layout"] as? String == "grid")
        _ = try await host.post("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://127.0.0.1/a/key"}"#)
        let output = try await socket.next("output.updated")["output"] as? [String: Any]
        #expect(output?["url"] as? String == "rtmp://127.0.0.1/a/***")
        try await bob.events(room) { bobSocket in
          #expect(try await socket.next("viewer.count")["viewers"] as? Int == 1)
          try await bobSocket.send(#"{"type":"chat","text":" <b>hi</b> "}"#)
          let chat = (try await socket.next("chat.messages")["messages"] as? [[String: Any]])?.first
          #expect(chat?["text"] as? String == "<b>hi</b>" && chat?["name"] as? String == "Bob")
          #expect(chat?["role"] as? String == "viewer")
          #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
          _ = try await socket.next("room.ended")
          #expect(try await bobSocket.closeCode() == 4410)
        }
        #expect(try await socket.closeCode() == 4410)
      }
    }
  }

  @Test("What a participant should send is told to his own sockets only, and again in the snapshot of a new one")
  func wishes() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let wish = VideoWish(width: 640, height: 360, frameRate: 30, bitrate: 710_000)
      try await bob.events(room) { bobSocket in
        _ = try await bobSocket.next("snapshot")
        try await host.events(room) { socket in
          #expect(try await socket.next("snapshot")["video"] == nil)
          server.media.emit(.videoWish(RoomID(rawValue: room), UserID(rawValue: host.id), wish))
          let told = try await socket.next("video.wanted")["video"] as? [String: Any]
          #expect(told?["width"] as? Int == 640 && told?["height"] as? Int == 360)
          #expect(told?["frameRate"] as? Int == 30 && told?["bitrate"] as? Int == 710_000)
        }
        try await host.events(room) { socket in
          let known = try await socket.next("snapshot")["video"] as? [String: Any]
          #expect(known?["bitrate"] as? Int == 710_000)
        }
        _ = try await host.send("PATCH", "/api/v1/rooms/\(room)", #"{"title":"Marker"}"#)
        while true {
          let type = try await bobSocket.next()["type"] as? String
          #expect(type != "video.wanted")
          if type == "room.updated" { break }
        }
      }
    }
  }

  @Test("The token may come as a query, a subprotocol or the first message")
  func tokens() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let token = try #require(host.token)
      let role = try await host.events(room) { try await $0.next()["role"] as? String }
      #expect(role == "host")
      let protocols = "Sec-WebSocket-Protocol: mixd.v1, bearer.\(token)\r\n"
      let offered = try await host.events(room, query: "", headers: protocols) {
        try await $0.next()["role"] as? String
      }
      #expect(offered == "host")
      try await host.events(room, query: "") { socket in
        try await socket.send(#"{"type":"auth","token":"\#(token)"}"#)
        _ = try await socket.next("ack")
        #expect(try await socket.next()["role"] as? String == "host")
      }
    }
  }

  /// What a socket without a token is told about its first message, and closed with.
  private func refusal(of first: String, by client: Client, in room: String) async throws -> (String?, Int) {
    try await client.events(room, query: "") { socket in
      try await socket.send(first)
      let answer = try await socket.next()
      #expect(answer["type"] as? String == "error" && answer["ref"] as? Int == 1, "\(first)")
      let error = answer["error"] as? [String: Any]
      return (error?["code"] as? String, try await socket.closeCode())
    }
  }

  @Test("A first message that is refused is answered before the socket is closed, never with an acknowledgement")
  func refusedFirstMessages() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve, admin) = (try await server.user("Bob"), try await server.user("Eve"), try await server.operator())
      let key = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#).string("key")
      #expect(try await host.send("PUT", "/api/v1/rooms/\(room)/bans/\(bob.id)").status == 200)
      #expect(try await admin.send("PUT", "/api/v1/bans/\(eve.id)", #"{"reason":"x"}"#).status == 200)
      func auth(_ token: String?) -> String { #"{"type":"auth","ref":1,"token":"\#(token ?? "")"}"# }
      let cases = [
        (auth("x"), "auth.invalid", 4401), (auth(key), "auth.forbidden", 4401), (auth(eve.token), "auth.banned", 4401),
        (auth(bob.token), "room.user-banned", 4403), (#"{"type":"auth","ref":1}"#, "json.malformed", 4401),
        (#"{"type":"chat","ref":1,"text":"x"}"#, "auth.required", 4401),
      ]
      for (first, code, end) in cases {
        let (told, closed) = try await refusal(of: first, by: host, in: room)
        #expect(told == code && closed == end, "\(first)")
      }
    }
  }

  @Test("A second token is refused, and the socket stays its first user's")
  func secondToken() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"auth","ref":1,"token":"\#(host.token ?? "")"}"#)
        let answer = try await socket.next("error")
        let error = answer["error"] as? [String: Any]
        #expect(answer["ref"] as? Int == 1 && error?["code"] as? String == "command.signed-in")
        try await socket.send(#"{"type":"chat","ref":2,"text":"still me"}"#)
        let told = (try await socket.next("chat.messages")["messages"] as? [[String: Any]])?.first
        #expect(told?["userId"] as? String == bob.id)
      }
    }
  }

  @Test("Without a token in time the socket is closed")
  func silentStranger() async throws {
    try await withServer(configure: { $0.limits.socketTokenDeadline = 0.2 }) { server in
      let (host, room) = try await server.liveRoom()
      #expect(try await host.events(room, query: "") { try await $0.closeCode() } == 4401)
    }
  }

  @Test("Refused upgrades say why")
  func refusals() async throws {
    try await withServer(configure: { $0.allowedOrigins = ["https://friend.example"] }) { server in
      let (host, room) = try await server.liveRoom()
      #expect(try await host.refusedEvents(room, query: "?token=bad").code == "auth.invalid")
      #expect(try await host.refusedEvents("r_none").code == "room.unknown")
      let foreign = try await host.refusedEvents(room, headers: "Origin: https://evil.example\r\n")
      #expect(foreign.status == 403 && foreign.code == "origin.forbidden")
      let own = "Origin: http://127.0.0.1:\(server.port)\r\n"
      for headers in [own, "Origin: https://friend.example\r\n"] {
        try await host.events(room, headers: headers) { _ = try await $0.next("snapshot") }
      }
      #expect(try await host.get("/api/v1/rooms/\(room)/events").status == 426)
      let other = ["Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"]
      let polite = try await host.send("GET", "/healthz", headers: other)
      #expect(polite.status == 200 && polite.headers["connection"] == "close")
    }
  }

  @Test("Unknown and malformed commands are answered, and the socket lives on")
  func badCommands() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        let cases = [
          ("nonsense", "json.malformed"), (#"{"type":"dance","ref":1}"#, "command.unknown"),
          (#"{"type":"accept"}"#, "json.malformed"), (#"{"type":"accept","id":"a_none"}"#, "application.unknown"),
          (#"{"type":"chat","text":""}"#, "chat.empty"), (#"{"type":"apply"}"#, "participant.exists"),
        ]
        for (command, code) in cases {
          try await socket.send(command)
          let error = try await socket.next("error")["error"] as? [String: Any]
          #expect(error?["code"] as? String == code, "\(command)")
        }
      }
    }
  }

  @Test("A command with wrong fields is answered with its reference; one that is too long is refused, not cut")
  func referencesOfWrongCommands() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let wrong = [
          #"{"type":"chat","text":5,"ref":1}"#, #"{"type":7,"ref":1}"#, #"{"ref":1}"#,
          #"{"type":"like","count":"x","ref":1}"#,
        ]
        for command in wrong {
          try await socket.send(command)
          let answer = try await socket.next("error")
          let error = answer["error"] as? [String: Any]
          #expect(answer["ref"] as? Int == 1 && error?["code"] as? String == "json.malformed", "\(command)")
        }
        let longest = String(repeating: "r", count: 64)
        try await socket.send(#"{"type":"like","count":1,"ref":"\#(longest)"}"#)
        #expect(try await socket.next("ack")["ref"] as? String == longest)
        for ref in [#""\#(longest)r""#, "1.5", "true"] {
          try await socket.send(#"{"type":"like","count":1,"ref":\#(ref)}"#)
          let answer = try await socket.next("error")
          let error = answer["error"] as? [String: Any]
          #expect(answer["ref"] == nil && error?["code"] as? String == "json.malformed", "\(ref)")
        }
      }
    }
  }

  @Test("What is JSON but no object is told so", arguments: ["[]", "null", #""x""#, "7"])
  func noObject(command: String) async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        try await socket.send(command)
        let error = try await socket.next("error")["error"] as? [String: Any]
        #expect(error?["code"] as? String == "json.malformed")
        #expect(error?["message"] as? String == "A JSON object is needed.")
      }
    }
  }

  @Test("A command too many is answered like any other, with when to try again, and the socket lives on")
  func tooManyCommands() async throws {
    try await withServer(configure: { ($0.limits.commandBurst, $0.limits.commandRate) = (3, 1) }) { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        for ref in 0..<40 { try await socket.send(#"{"type":"dance","ref":\#(ref)}"#) }
        let long = String(repeating: "x", count: 2000)
        try await socket.send(#"{"type":"dance","ref":40,"text":"\#(long)"}"#)
        var codes: Set<String> = []
        for ref in 0..<40 {
          let answer = try await socket.next("error")
          let error = answer["error"] as? [String: Any]
          let code = try #require(error?["code"] as? String)
          codes.insert(code)
          #expect(answer["ref"] as? Int == ref)
          #expect(error?["retryAfter"] as? Int == (code == "command.too-often" ? 1 : nil))
        }
        #expect(codes == ["command.unknown", "command.too-often"])
        let nameless = try await socket.next("error")
        #expect(nameless["ref"] == nil)
        try await Task.sleep(for: .milliseconds(1200))
        try await socket.send(#"{"type":"like","ref":40,"count":1}"#)
        #expect(try await socket.next("ack")["ref"] as? Int == 40)
      }
    }
  }
}
