import Testing

@testable import SignalingServer

/// What stands in the chat without anybody having said it there.
@Suite struct NoticeTests {
  private func notice(_ socket: WebSocketClient) async throws -> [String: Any]? {
    while true {
      let messages = try await socket.next("chat.messages")["messages"] as? [[String: Any]]
      if let found = messages?.first(where: { $0["kind"] as? String == "notice" }) { return found }
    }
  }

  @Test("A new notice of the room comes through the chat with who wrote it, and stays in its history")
  func roomNotice() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, base) = (try await server.user("Bob"), "/api/v1/rooms/\(room)")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await host.send("PATCH", base, #"{"notice":"Songs at nine"}"#).status == 200)
        let told = try await notice(socket)
        #expect(told?["text"] as? String == "Songs at nine" && told?["from"] as? String == "room")
        #expect(told?["userId"] as? String == host.id)
      }
      let kept = try await bob.get("\(base)/messages").list("messages")
      #expect(kept.map { $0["kind"] as? String } == ["notice"])
      #expect(try await host.send("PATCH", base, #"{"notice":"One\nTwo"}"#).string("notice") == "One\nTwo")
      for _ in 0..<3 { _ = try await host.send("PATCH", base, #"{"notice":"\#(RandomName.make())"}"#) }
      let refused = try await host.send("PATCH", base, #"{"notice":"again"}"#)
      #expect(refused.status == 429 && refused.code == "room.notice-too-often")
    }
  }

  @Test("An operator tells one room or every live one something; nobody else may, and not too often")
  func operators() async throws {
    try await withServer(configure: { $0.limits.noticesBurst = 1 }) { server in
      let (host, room) = try await server.liveRoom()
      let (_, other) = try await server.liveRoom()
      let waiting = try await host.openRoom("Waiting")
      let admin = try await server.operator()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let one = try await admin.post("/api/v1/rooms/\(room)/notices", #"{"text":" Be kind "}"#)
        #expect(one.status == 201)
        let told = try await notice(socket)
        #expect(told?["text"] as? String == "Be kind" && told?["from"] as? String == "operator")
        #expect(told?["userId"] == nil && told?["name"] == nil)
        let all = try await admin.post("/api/v1/notices", #"{"text":"Maintenance at ten"}"#)
        #expect(try all.json["rooms"] as? Int == 2)
        #expect(try await notice(socket)?["text"] as? String == "Maintenance at ten")
      }
      for (id, texts) in [(room, ["Be kind", "Maintenance at ten"]), (other, ["Maintenance at ten"]), (waiting, [])] {
        let kept = try await host.get("/api/v1/rooms/\(id)/messages").list("messages")
        #expect(kept.compactMap { $0["text"] as? String } == texts)
      }
      #expect(try await host.post("/api/v1/rooms/\(room)/notices", #"{"text":"x"}"#).code == "auth.forbidden")
      #expect(try await host.post("/api/v1/notices", #"{"text":"x"}"#).code == "auth.forbidden")
      #expect(try await admin.post("/api/v1/notices", #"{"text":" "}"#).code == "chat.announcement")
      #expect(try await admin.post("/api/v1/notices", #"{"text":"x"}"#).code == "chat.notice-too-often")
    }
  }
}
