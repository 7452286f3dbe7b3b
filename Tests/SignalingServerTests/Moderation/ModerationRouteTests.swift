import Foundation
import Testing

@testable import SignalingServer

@Suite struct ModerationRouteTests {
  /// Refuses what contains "bad", replaces "rude", and never answers to "slow".
  private func run(
    _ mode: ModerationSettings.FailureMode = .allow, timeout: Double = 5,
    limit: @escaping @Sendable (inout ServerLimits) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer, WebhookReceiver) async throws -> Void
  ) async throws {
    try await WebhookReceiver.run({ _, question in
      let text = question.object["text"] as? String ?? ""
      if text.contains("slow") { return .say("") }
      if text.contains("bad") { return .answer(200, body: #"{"action":"refuse","reason":"Be kind."}"#) }
      if text.contains("rude") { return .answer(200, body: #"{"action":"replace","text":"flowers"}"#) }
      return .answer(200, body: #"{"action":"allow"}"#)
    }) { receiver in
      let settings = ModerationSettings(url: receiver.url, timeout: timeout, onFailure: mode)
      try await withServer(configure: {
        $0.moderation = settings
        limit(&$0.limits)
      }) { server in try await body(server, receiver) }
    }
  }

  private func say(_ text: String, _ room: String, by client: Client) async throws -> Answer {
    try await client.post("/api/v1/rooms/\(room)/messages", #"{"kind":"text","text":"\#(text)"}"#)
  }

  private func reason(_ answer: Answer) -> String? {
    ((try? answer.json)?["error"] as? [String: Any])?["reason"] as? String
  }

  @Test("Messages and titles are refused or replaced before anybody sees them")
  func texts() async throws {
    try await run { server, receiver in
      let host = try await server.user("Host")
      let unmade = try await host.post("/api/v1/rooms", #"{"title":"bad"}"#)
      #expect(unmade.code == "text.refused" && reason(unmade) == "Be kind.")
      let room = try await host.openRoom("rude")
      #expect(try await host.get("/api/v1/rooms/\(room)").string("title") == "flowers")
      let base = "/api/v1/rooms/\(room)"
      #expect(try await host.send("PATCH", base, #"{"notice":"bad"}"#).code == "text.refused")
      let refused = try await say("bad", room, by: host)
      #expect(refused.status == 422 && refused.code == "chat.refused" && reason(refused) == "Be kind.")
      try await host.events(room) { socket in
        try await socket.send(#"{"type":"chat","text":"bad"}"#)
        let error = try await socket.next("error")["error"] as? [String: Any]
        #expect(error?["code"] as? String == "chat.refused" && error?["reason"] as? String == "Be kind.")
      }
      #expect(try await say("rude", room, by: host).string("text") == "flowers")
      let seen = try await host.get("\(base)/messages").list("messages").compactMap { $0["text"] as? String }
      #expect(seen == ["flowers"])
      #expect(receiver.received.contains { $0.object["kind"] as? String == "title" })
    }
  }

  @Test("The moderation sees the category and each tag of a room, and nothing of a room that the rules refuse")
  func categoriesAndTags() async throws {
    try await run { server, receiver in
      let host = try await server.user("Host")
      for body in [#"{"title":"x","category":"bad"}"#, #"{"title":"x","tags":["fine","bad"]}"#] {
        let refused = try await host.post("/api/v1/rooms", body)
        #expect(refused.status == 422 && refused.code == "text.refused")
      }
      let made = try await host.post("/api/v1/rooms", #"{"title":"x","category":"rude","tags":["a","rude"]}"#)
      #expect(made.status == 201)
      #expect(try made.string("category") == "flowers")
      #expect(try made.json["tags"] as? [String] == ["a", "flowers"])
      let base = "/api/v1/rooms/\(try made.string("id"))"
      #expect(try await host.send("PATCH", base, #"{"tags":["bad"]}"#).code == "text.refused")
      #expect(try await host.get(base).json["tags"] as? [String] == ["a", "flowers"])
      let asked = receiver.received.count
      let many = (0..<6).map { #""t\#($0)""# }.joined(separator: ",")
      #expect(try await host.send("PATCH", base, #"{"title":"y","tags":[\#(many)]}"#).code == "room.tags")
      #expect(receiver.received.count == asked)
      let kinds = Set(receiver.received.compactMap { $0.object["kind"] as? String })
      #expect(kinds.isSuperset(of: ["category", "tag"]))
    }
  }

  @Test("Rooms that the moderation refuses take nothing from the pace of rooms, and are asked about at that of changes")
  func refusedRooms() async throws {
    try await run(limit: {
      ($0.roomsBurst, $0.roomsPerMinute) = (1, 1)
      ($0.changesBurst, $0.changesPerMinute) = (4, 1)
    }) { server, receiver in
      let host = try await server.user("Host")
      var codes: [String?] = []
      for title in ["bad", "bad", "bad", "Show", "bad"] {
        codes.append(try await host.post("/api/v1/rooms", #"{"title":"\#(title)"}"#).code)
      }
      #expect(codes == ["text.refused", "text.refused", "text.refused", nil, "request.too-often"])
      #expect(receiver.received.count { $0.object["kind"] as? String == "title" } == 4)
    }
  }

  @Test("Names are looked at before anybody bears them; an account gets no other name than its owner knows")
  func names() async throws {
    try await run { server, receiver in
      let sign = { (name: String) in try await server.anonymous.post("/api/v1/sessions", #"{"name":"\#(name)"}"#) }
      #expect(try await sign("bad").code == "text.refused")
      #expect(try await sign("rude boy").string("name") == "flowers")
      let guest = try await server.user("Ann")
      #expect(try await guest.send("PATCH", "/api/v1/users/me", #"{"name":"bad"}"#).code == "text.refused")
      #expect(try await guest.get("/api/v1/users/me").string("name") == "Ann")
      for name in ["bad-name", "rude-name"] {
        let answer = try await server.anonymous.post(
          "/api/v1/accounts", #"{"name":"\#(name)","password":"correct horse"}"#)
        #expect(answer.status == 422 && answer.code == "text.refused")
      }
      _ = try await server.account("fine-name")
      let asked = receiver.received.filter { $0.object["kind"] as? String == "name" }
      #expect(asked.contains { $0.object["text"] as? String == "bad" && $0.object["userId"] as? String == guest.id })
      #expect(asked.contains { $0.object["text"] as? String == "fine-name" && $0.object["userId"] == nil })
    }
  }

  @Test("Of a name that may not be changed, or is changed too often, nobody is asked")
  func renames() async throws {
    try await run { server, receiver in
      let rename = { (client: Client, name: String) in
        try await client.send("PATCH", "/api/v1/users/me", #"{"name":"\#(name)"}"#)
      }
      let owner = try await server.account("some-owner")
      #expect(try await rename(owner, "other").code == "account.name")
      let guest = try await server.user("Ann")
      #expect(try await rename(guest, " ").status == 422)
      for number in 0..<10 { #expect(try await rename(guest, "Ann\(number)").status == 200) }
      let refused = try await rename(guest, "Eve")
      #expect(refused.status == 429 && refused.code == "user.name-too-often")
      let asked = receiver.received.compactMap { $0.object["text"] as? String }
      #expect(!asked.contains("other") && !asked.contains("Eve"))
    }
  }

  @Test("Somebody whose message is being looked at holds up nobody else")
  func isolation() async throws {
    try await run(.refuse, timeout: 8) { server, receiver in
      let host = try await server.user("Host")
      let room = try await host.openRoom()
      let ann = try await server.user("Ann")
      try await withThrowingTaskGroup(of: Answer.self) { group in
        group.addTask { try await say("slow", room, by: host) }
        try await eventually { receiver.received.contains { $0.object["text"] as? String == "slow" } }
        group.addTask { try await say("hello", room, by: ann) }
        let first = try await group.next()
        #expect(first?.status == 201)
        let late = try await group.next()
        #expect(late?.status == 503 && late?.code == "moderation.unavailable")
      }
    }
  }
}
