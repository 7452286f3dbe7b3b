import Foundation
import Testing

@testable import SignalingServer

/// Requests that are still under way when whoever sent them may not ask any more.
@Suite struct LateRequestTests {
  private static let requests = [
    ("messages", #"{"text":"too late"}"#), ("gifts", #"{"giftId":"rose","count":99}"#),
    ("applications", #"{"media":"video"}"#), ("likes", #"{"count":20}"#),
  ]

  @Test("What is sent to the end after a ban is refused", arguments: LateRequestTests.requests)
  func ban(path: String, body: String) async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (admin, eve) = (try await server.operator(), try await server.user("Eve"))
      let answer = try await eve.slowly("POST", "\(base(room))/\(path)", body) {
        let status = try await admin.send("PUT", "/api/v1/bans/\(eve.id)").status
        #expect(status == 200)
      }
      #expect(answer.status == 403 && answer.code == "auth.banned")
      try await expectUntouched(room, host)
    }
  }

  @Test("What is sent to the end after signing out is refused", arguments: LateRequestTests.requests)
  func signOut(path: String, body: String) async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let eve = try await server.user("Eve")
      let answer = try await eve.slowly("POST", "\(base(room))/\(path)", body) {
        let status = try await eve.send("DELETE", "/api/v1/sessions/current").status
        #expect(status == 204)
      }
      #expect(answer.status == 401 && answer.code == "auth.invalid")
      try await expectUntouched(room, host)
    }
  }

  @Test("The banned make no rooms, and a revoked key no webhook, by bodies that come late")
  func outsideRooms() async throws {
    try await withServer(configure: { $0.privateWebhooks = true }) { server in
      let (admin, eve) = (try await server.operator(), try await server.user("Eve"))
      let refused = try await eve.slowly("POST", "/api/v1/rooms", #"{"title":"Late"}"#) {
        let status = try await admin.send("PUT", "/api/v1/bans/\(eve.id)").status
        #expect(status == 200)
      }
      #expect(refused.code == "auth.banned")
      #expect(try await admin.get("/api/v1/rooms").list("rooms").isEmpty)
      let made = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#)
      let (key, id) = (Client(port: server.port, token: try made.string("key")), try made.string("id"))
      let webhook = try await key.slowly("POST", "/api/v1/webhooks", #"{"url":"http://127.0.0.1:9/x"}"#) {
        let status = try await admin.send("DELETE", "/api/v1/api-keys/\(id)").status
        #expect(status == 204)
      }
      #expect(webhook.status == 401 && webhook.code == "auth.invalid")
      #expect(try await admin.get("/api/v1/webhooks").list("webhooks").isEmpty)
    }
  }

  @Test("A text whose author is banned while the moderation looks at it is not shown")
  func moderation() async throws {
    try await WebhookReceiver.run({ _, question in
      let isSlow = (question.object["text"] as? String ?? "").contains("slow")
      return isSlow ? .say("") : .answer(200, body: #"{"action":"allow"}"#)
    }) { receiver in
      let settings = ModerationSettings(url: receiver.url, timeout: 5, onFailure: .allow)
      try await withServer(configure: { $0.moderation = settings }) { server in
        let (host, room) = try await server.liveRoom()
        let admin = try await server.operator()
        for (method, path, body) in [
          ("POST", "\(base(room))/messages", #"{"text":"slow"}"#), ("POST", "/api/v1/rooms", #"{"title":"slow"}"#),
          ("POST", "\(base(room))/applications", #"{"media":"video","message":"slow"}"#),
          ("PATCH", "/api/v1/users/me", #"{"name":"slow"}"#),
        ] {
          let eve = try await server.user("Eve")
          let asked = receiver.received.count
          async let answer = eve.send(method, path, body)
          try await eventually { receiver.received.count > asked }
          #expect(try await admin.send("PUT", "/api/v1/bans/\(eve.id)").status == 200)
          let code = try await answer.code
          #expect(code == "auth.banned", "\(path)")
        }
        try await expectUntouched(room, host)
        #expect(try await admin.get("/api/v1/rooms").list("rooms").count == 1)
      }
    }
  }

  private func expectUntouched(_ room: String, _ host: Client) async throws {
    #expect(try await host.get("\(base(room))/messages").list("messages").isEmpty)
    #expect(try await host.get("\(base(room))/applications").list("applications").isEmpty)
    let shown = try await host.get(base(room)).json
    #expect(shown["gifts"] as? Int == 0 && shown["likes"] as? Int == 0)
  }
}
