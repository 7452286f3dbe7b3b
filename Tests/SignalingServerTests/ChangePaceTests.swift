import HTTPTypes
import Testing

@testable import SignalingServer

@Suite struct ChangePaceTests {
  private static let slow: @Sendable (inout SignalingServerConfiguration) -> Void = {
    ($0.limits.changesBurst, $0.limits.changesPerMinute) = (5, 1)
    ($0.limits.strangersBurst, $0.limits.strangersPerMinute) = (3, 1)
  }

  @Test("Who changes a room too often waits, whatever he changes and in which room, and others do not")
  func pace() async throws {
    try await withServer(configure: Self.slow) { server in
      let (host, room) = try await server.liveRoom()
      let (bob, other) = (try await server.user("Bob"), try await host.openRoom("Other"))
      // Two rooms, and to publish in one, were the first three of five.
      for path in [room, other] { #expect(try await host.send("PATCH", base(path), #"{"notice":"x"}"#).status == 200) }
      let refused = try await host.send("PUT", "\(base(room))/mutes/\(bob.id)")
      #expect(refused.status == 429 && refused.code == "request.too-often" && refused.headers["retry-after"] != nil)
      #expect(try await host.send("PATCH", base(other), #"{"title":"x"}"#).code == "request.too-often")
      #expect(try await bob.post("\(base(room))/applications", #"{"media":"audio"}"#).status == 201)
    }
  }

  @Test("Who opens media sessions too often waits, strangers on this machine do not", arguments: ["whip", "whep"])
  func media(protocol path: String) async throws {
    try await withServer(configure: Self.slow) { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let open = { (client: Client) in
        try await client.send("POST", "/\(path)/\(room)", Client.offer, type: "application/sdp")
      }
      // The room was the first of five.
      for _ in 0..<4 { #expect(try await open(host).status == 201) }
      let refused = try await open(host)
      #expect(refused.status == 429 && refused.code == "request.too-often" && refused.headers["retry-after"] != nil)
      if path == "whep" {
        for _ in 0..<5 { #expect(try await open(server.anonymous).status == 201) }
      }
    }
  }

  @Test("Viewers without a name share the pace of their address, whatever room they watch; those who have one do not")
  func strangers() async throws {
    try await withServer(configure: {
      Self.slow(&$0)
      $0.trustsProxy = true
    }) { server in
      let (host, room) = try await server.liveRoom()
      let other = try await host.openRoom("Other")
      let watch = { (client: Client, room: String, address: String) in
        try await client.send(
          "POST", "/whep/\(room)", Client.offer, type: "application/sdp", headers: ["X-Forwarded-For": address])
      }
      for path in [room, other, room] {
        #expect(try await watch(server.anonymous, path, "203.0.113.7").status == 201)
      }
      let refused = try await watch(server.anonymous, other, "203.0.113.7")
      #expect(refused.status == 429 && refused.code == "request.too-often" && refused.headers["retry-after"] != nil)
      #expect(try await watch(host, room, "203.0.113.7").status == 201)
      #expect(try await watch(server.anonymous, room, "203.0.113.8").status == 201)
      var statuses: [Int] = []
      for end in 1...4 { statuses.append(try await watch(server.anonymous, room, "2001:db8::\(end)").status) }
      #expect(statuses == [201, 201, 201, 429])
    }
  }

  @Test("Strangers search at the pace of their address; who says who he is, and who only looks at the list, does not")
  func searches() async throws {
    try await withServer(configure: {
      ($0.limits.searchesBurst, $0.limits.searchesPerMinute) = (3, 1)
      $0.trustsProxy = true
    }) { server in
      let bob = try await server.user("Bob")
      let list = { (client: Client, query: String, address: String) in
        try await client.send("GET", "/api/v1/rooms?\(query)", headers: ["X-Forwarded-For": address])
      }
      for query in ["q=x", "category=x&sort=hottest", "tag=x"] {
        #expect(try await list(server.anonymous, query, "2001:db8::1").status == 200)
      }
      let refused = try await list(server.anonymous, "q=y", "2001:db8::2")
      #expect(refused.status == 429 && refused.code == "request.too-often" && refused.headers["retry-after"] != nil)
      for query in ["", "status=live&q=&sort=hottest", "host=\(bob.id)"] {
        #expect(try await list(server.anonymous, query, "2001:db8::1").status == 200)
      }
      #expect(try await list(bob, "q=x", "2001:db8::1").status == 200)
      #expect(try await list(server.anonymous, "q=x", "203.0.113.7").status == 200)
    }
  }

  @Test("Who searches on the server's machine has no pace")
  func localSearches() async throws {
    try await withServer(configure: { ($0.limits.searchesBurst, $0.limits.searchesPerMinute) = (1, 1) }) { server in
      for _ in 0..<3 {
        let answer = try await server.anonymous.get("/api/v1/rooms?q=x")
        #expect(answer.status == 200)
      }
    }
  }

  @Test("Without a trusted proxy nobody gets a pace of his own by naming an address")
  func claimedAddress() async throws {
    try await withServer(configure: Self.slow) { server in
      let (_, room) = try await server.liveRoom()
      var statuses: [Int] = []
      for end in 1...4 {
        let headers = ["X-Forwarded-For": "203.0.113.\(end)"]
        let answer = try await server.anonymous.send(
          "POST", "/whep/\(room)", Client.offer, type: "application/sdp", headers: headers)
        statuses.append(answer.status)
      }
      #expect(statuses == [201, 201, 201, 429])
    }
  }

  @Test("Reading, talking and what is refused for want of rights does not count")
  func exemptions() async throws {
    try await withServer(configure: Self.slow) { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      for _ in 0..<5 {
        #expect(try await host.get("\(base(room))/mutes").status == 200)
        #expect(try await host.post("\(base(room))/messages", #"{"text":"x"}"#).status == 201)
        #expect(try await host.post("\(base(room))/gifts", #"{"giftId":"rose","count":1}"#).status == 201)
        #expect(try await bob.send("PATCH", base(room), #"{"notice":"x"}"#).code == "auth.forbidden")
      }
      #expect(try await host.send("PATCH", base(room), #"{"notice":"x"}"#).status == 200)
      #expect(try await bob.post("\(base(room))/applications", #"{"media":"audio"}"#).status == 201)
    }
  }

  @Test("Operators change as much as they like")
  func operators() async throws {
    try await withServer(configure: Self.slow) { server in
      let (_, room) = try await server.liveRoom()
      let (admin, bob) = (try await server.operator(), try await server.user("Bob"))
      for _ in 0..<6 { #expect(try await admin.send("PUT", "\(base(room))/mutes/\(bob.id)").status == 200) }
    }
  }

  @Test("Calls over sockets count like requests, so that more sockets are not more changes")
  func sockets() async throws {
    try await withServer(configure: Self.slow) { server in
      let (host, room) = try await server.liveRoom()
      let call = #"{"type":"call","method":"PATCH","path":"participants/\#(host.id)","body":{"volume":1}}"#
      var statuses: [Int?] = []
      for _ in 0..<2 {
        statuses += try await host.events(room) { socket in
          _ = try await socket.next("snapshot")
          for _ in 0..<2 { try await socket.send(call) }
          let answers = [try await socket.next("result"), try await socket.next("result")]
          return answers.map { $0["status"] as? Int }
        }
      }
      // The room, and to publish in it, were the first two of five.
      #expect(statuses == [200, 200, 200, 429])
    }
  }

  @Test("Commands of the stage count like the requests that do the same; chat and likes do not")
  func commands() async throws {
    try await withServer(configure: Self.slow) { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        let commands = [
          ("apply", "ack"), ("accept", "application.unknown"), ("reject", "application.unknown"),
          ("cancel", "application.unknown"), ("leave", "auth.forbidden"), ("leave", "request.too-often"),
          ("apply", "request.too-often"), ("like", "ack"), ("chat", "ack"),
        ]
        for (ref, (command, expected)) in commands.enumerated() {
          try await socket.send(
            #"{"type":"\#(command)","ref":\#(ref),"media":"audio","id":"a_none","count":1,"text":"x"}"#)
          let (outcome, retryAfter) = try await self.outcome(of: ref, socket)
          #expect(outcome == expected, "\(command)")
          #expect(retryAfter == (expected == "request.too-often" ? 1 : nil), "\(command)")
        }
      }
      let refused = try await bob.post("\(base(room))/applications", #"{"media":"audio"}"#)
      #expect(refused.code == "request.too-often")
    }
  }

  /// `ack`, or the code of the refusal and the seconds to wait that it names.
  private func outcome(of ref: Int, _ socket: WebSocketClient) async throws -> (String?, retryAfter: Int?) {
    var message = try await socket.next()
    while message["ref"] as? Int != ref { message = try await socket.next() }
    let error = message["error"] as? [String: Any]
    return (error?["code"] as? String ?? message["type"] as? String, error?["retryAfter"] as? Int)
  }

  @Test("Attempts to make a room count as changes, whether one comes of them or not")
  func rooms() async throws {
    try await withServer(configure: Self.slow) { server in
      let ann = try await server.user("Ann")
      var codes: [String?] = []
      for title in ["", "Show", "", "Other", "", "Third"] {
        codes.append(try await ann.post("/api/v1/rooms", #"{"title":"\#(title)"}"#).code)
      }
      #expect(codes == ["room.title", nil, "room.title", nil, "room.title", "request.too-often"])
    }
  }

  @Test("Every change of a room has a pace, but for talking, which has its own, and what is for operators")
  func table() async throws {
    let unpaced = try await EndpointTable.detached().endpoints.filter { endpoint in
      endpoint.path.hasPrefix("/api/v1/rooms/{room}") && endpoint.method != .get && !endpoint.isPaced
    }
    #expect(
      Set(unpaced.map { $0.path.replacing("/api/v1/rooms/{room}/", with: "") }) == [
        "messages", "announcements", "likes", "gifts", "notices", "warn", "close",
      ])
  }
}
