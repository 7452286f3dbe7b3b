import MediaControl
import Testing

@testable import SignalingServer

/// Everything that HTTP can do, over the events socket.
@Suite struct SocketCallTests {
  @Test("A call does what the request would do, and answers with its status and body")
  func calls() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await bob.events(room) { bobSocket in
          try await bobSocket.send(
            #"{"type":"call","ref":1,"method":"POST","path":"applications","body":{"media":"audio"}}"#)
          let made = try await bobSocket.next("result")
          #expect(made["ref"] as? Int == 1 && made["status"] as? Int == 201)
          let id = try #require((made["body"] as? [String: Any])?["id"] as? String)
          try await socket.send(#"{"type":"call","ref":"a","method":"POST","path":"applications/\#(id)/accept"}"#)
          let accepted = try await socket.next("result")
          #expect(accepted["status"] as? Int == 200)
          #expect((accepted["body"] as? [String: Any])?["state"] as? String == "accepted")
        }
        try await socket.send(#"{"type":"call","method":"GET","path":"/api/v1/users/me"}"#)
        let me = try await socket.next("result")
        #expect((me["body"] as? [String: Any])?["id"] as? String == host.id)
        try await socket.send(#"{"type":"call","ref":2,"method":"PUT","path":"scene","body":{"layout":"grid"}}"#)
        #expect(try await socket.next("result")["status"] as? Int == 200)
        #expect(server.media.commands.contains { $0.name == "setLayout" })
      }
    }
  }

  @Test("Rights and refusals are those of the request")
  func refusals() async throws {
    try await withServer { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        let cases: [(String, Int, String)] = [
          (#""method":"DELETE","path":"/api/v1/rooms/\#(room)""#, 403, "auth.forbidden"),
          (#""method":"GET","path":"outputs""#, 403, "auth.forbidden"),
          (#""method":"GET","path":"/api/v1/bans""#, 403, "auth.forbidden"),
          (#""method":"GET","path":"nothing/here""#, 404, "http.not-found"),
          (#""method":"PUT","path":"applications""#, 405, "http.method"),
          (#""method":"POST","path":"applications","body":{"media":7}"#, 400, "json.malformed"),
          (#""method":"GET","path":"../../../../metrics""#, 404, "http.not-found"),
        ]
        for (call, status, code) in cases {
          try await socket.send("{\"type\":\"call\",\(call)}")
          let result = try await socket.next("result")
          let error = (result["body"] as? [String: Any])?["error"] as? [String: Any]
          #expect(result["status"] as? Int == status && error?["code"] as? String == code, "\(call) → \(result)")
        }
      }
    }
  }

  @Test("A call may ask for the largest answers there are: a full page of rooms, and the description of the API")
  func largeAnswers() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let wish = #"{"title":"Show","notice":"\#(String(repeating: "n", count: 300))"}"#
      for _ in 0..<99 { #expect(try await host.post("/api/v1/rooms", wish).status == 201) }
      try await host.events(host.openRoom()) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"call","method":"GET","path":"/api/v1/rooms?limit=100"}"#)
        let list = try await socket.next("result")["body"] as? [String: Any]
        #expect((list?["rooms"] as? [Any])?.count == 100)
        try await socket.send(#"{"type":"call","method":"GET","path":"/api/v1/openapi.json"}"#)
        let document = try await socket.next("result")["body"] as? [String: Any]
        #expect(document?["paths"] is [String: Any])
      }
    }
  }

  @Test("An answer that is too large is refused by a code of its own, and the socket goes on")
  func tooLargeAnswer() async throws {
    try await withServer(configure: { $0.limits.socketAnswer = 10_000 }) { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"call","ref":5,"method":"GET","path":"/api/v1/openapi.json"}"#)
        let refusal = try await socket.next("error")
        #expect(refusal["ref"] as? Int == 5)
        #expect((refusal["error"] as? [String: Any])?["code"] as? String == "command.answer-too-large")
        try await socket.send(#"{"type":"call","method":"GET","path":"scene"}"#)
        #expect(try await socket.next("result")["status"] as? Int == 200)
      }
    }
  }

  @Test("A file is nothing for a call, which says so, and the socket goes on")
  func file() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.recorded()
      try await scene.host.events(scene.room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"call","ref":4,"method":"GET","path":"recordings/\#(id)/file"}"#)
        let refusal = try await socket.next("error")
        let error = refusal["error"] as? [String: Any]
        #expect(refusal["ref"] as? Int == 4 && error?["code"] as? String == "command.call")
        #expect((error?["message"] as? String)?.contains("over HTTP") == true)
        try await socket.send(#"{"type":"call","method":"GET","path":"recordings/\#(id)"}"#)
        #expect(try await socket.next("result")["status"] as? Int == 200)
      }
    }
  }

  @Test("Calls that are none are refused as commands")
  func malformed() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        for call in [
          #""method":"GET""#, #""path":"scene""#, #""method":"BREW","path":"scene""#,
          #""method":"GET","path":"/metrics""#, #""method":"POST","path":"/whip/\#(room)""#,
          #""method":"GET","path":"a b""#, #""method":"GET","path":"""#,
        ] {
          try await socket.send("{\"type\":\"call\",\"ref\":3,\(call)}")
          let error = try await socket.next("error")["error"] as? [String: Any]
          #expect(error?["code"] as? String == "command.call", "\(call)")
        }
      }
    }
  }

  @Test("A call that signs its own socket's user out is the last one, and may end the socket before its answer comes")
  func lastCall() async throws {
    try await withServer { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let code = try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"call","ref":1,"method":"DELETE","path":"/api/v1/sessions/current"}"#)
        return try await socket.closeCode()
      }
      #expect(code == 4401)
      #expect(try await bob.get("/api/v1/users/me").status == 401)
    }
  }
}
