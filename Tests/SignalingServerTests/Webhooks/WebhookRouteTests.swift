import Foundation
import MediaControl
import Testing

@testable import SignalingServer

@Suite struct WebhookRouteTests {
  private func run(_ body: @escaping @Sendable (TestServer, Client, WebhookReceiver) async throws -> Void) async throws
  {
    try await WebhookReceiver.run { receiver in
      try await withServer(configure: { $0.privateWebhooks = true }) { server in
        try await body(server, try await server.backend(), receiver)
      }
    }
  }

  @Test("A backend makes, changes, tries and removes a webhook; its secret is shown once")
  func life() async throws {
    try await run { _, backend, receiver in
      let made = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)","events":["room.*"]}"#)
      #expect(made.status == 201)
      let (id, secret) = (try made.string("id"), try made.string("secret"))
      let shown = try await backend.get("/api/v1/webhooks/\(id)")
      #expect(try shown.json["secret"] == nil && !shown.body.contains(secret))
      #expect(try await backend.get("/api/v1/webhooks").list("webhooks").map { $0["id"] as? String } == [id])
      #expect(try await backend.post("/api/v1/webhooks/\(id)/test").status == 202)
      try await eventually { receiver.received.map(\.type) == ["webhook.test"] }
      let got = try #require(receiver.received.first)
      let timestamp = try #require(got.headers["mixd-timestamp"].flatMap { Int64($0) })
      let expected = WebhookSignature(secret: secret).header(timestamp: timestamp, body: got.body)
      #expect(got.headers["mixd-signature"] == expected)
      let off = try await backend.send("PATCH", "/api/v1/webhooks/\(id)", #"{"enabled":false}"#)
      #expect(off.status == 200)
      #expect(try off.json["enabled"] as? Bool == false)
      #expect(try await backend.post("/api/v1/webhooks/\(id)/test").code == "webhook.disabled")
      #expect(try await backend.send("DELETE", "/api/v1/webhooks/\(id)").status == 204)
      #expect(try await backend.get("/api/v1/webhooks/\(id)").code == "webhook.unknown")
    }
  }

  @Test("What happens in a room arrives in order, and the log pages through it")
  func show() async throws {
    try await run { server, backend, receiver in
      let made = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)"}"#)
      let log = "/api/v1/webhooks/\(try made.string("id"))/deliveries"
      let (host, room) = try await server.liveRoom()
      let guest = try await server.cohost("Bob", room, host: host)
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)/participants/\(guest.id)").status == 204)
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      let types = [
        "room.created", "stage.joined", "room.live", "stage.applied", "stage.joined", "stage.left", "stage.left",
        "room.ended",
      ]
      try await eventually { receiver.received.count == types.count }
      #expect(receiver.received.map(\.type) == types)
      let names = receiver.received.map { ($0.object["room"] as? [String: Any])?["id"] as? String }
      #expect(names == Array(repeating: room, count: types.count))
      try await eventually { try await backend.get("\(log)?state=delivered").list("deliveries").count == types.count }
      let first = try await backend.get("\(log)?limit=5")
      let second = try await backend.get("\(log)?limit=5&cursor=\(try first.string("next"))")
      let listed = try (first.list("deliveries") + second.list("deliveries")).compactMap { $0["type"] as? String }
      #expect(listed == types.reversed())
      let delivery = try #require(try first.list("deliveries").first?["id"] as? String)
      #expect(try await backend.post("\(log)/\(delivery)/redeliver").status == 202)
      try await eventually { receiver.received.last?.event == receiver.received.dropLast().last?.event }
    }
  }

  @Test("A push that changes its state is told without its stream key")
  func outputs() async throws {
    try await run { server, backend, receiver in
      _ = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)","events":["output.*"]}"#)
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)/outputs"
      let output = try await host.post(base, #"{"url":"rtmp://127.0.0.1/live/TOPSECRET"}"#).string("id")
      #expect(try await host.send("DELETE", "\(base)/\(output)").status == 204)
      try await eventually { receiver.received.map(\.type) == ["output.connecting", "output.removed"] }
      #expect(receiver.received.allSatisfy { !$0.body.contains("TOPSECRET") })
    }
  }

  @Test("An output that is removed while it begins stays removed, and webhooks hear nothing of it")
  func outputRemovedWhileItBegins() async throws {
    try await run { server, backend, receiver in
      _ = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)","events":["output.*"]}"#)
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)/outputs"
      let gate = AsyncStream<Void>.makeStream()
      server.media.hold { command in
        if command.name == "addOutput" { for await _ in gate.stream {} }
      }
      let adding = Task { try await host.post(base, #"{"url":"rtmp://127.0.0.1/live/key"}"#).code }
      try await eventually { server.media.commands.contains { $0.name == "addOutput" } }
      let output = try #require(try await host.get(base).list("outputs").first?["id"] as? String)
      server.media.emit(.outputState(RoomID(rawValue: room), OutputID(rawValue: output), .live, reason: nil))
      try await eventually { try await host.get(base).list("outputs").first?["state"] as? String == "live" }
      #expect(try await host.send("DELETE", "\(base)/\(output)").status == 204)
      #expect(try await host.send("DELETE", "\(base)/\(output)").code == "output.unknown")
      gate.continuation.finish()
      #expect(try await adding.value == "output.unknown")
      #expect(server.media.commands.last?.name == "removeOutput")
      #expect(try await server.count("outputs") == 0)
      _ = try await host.post(base, #"{"url":"rtmp://127.0.0.1/live/key"}"#)
      try await eventually { receiver.received.map(\.type) == ["output.connecting"] }
    }
  }

  @Test("An output that is removed twice at the same time is told to be removed once")
  func outputRemovedTwice() async throws {
    try await run { server, backend, receiver in
      _ = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)","events":["output.*"]}"#)
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)/outputs"
      let output = try await host.post(base, #"{"url":"rtmp://127.0.0.1/live/key"}"#).string("id")
      async let first = host.send("DELETE", "\(base)/\(output)").status
      async let second = host.send("DELETE", "\(base)/\(output)").status
      let statuses = try await [first, second]
      #expect(statuses.sorted() == [204, 404])
      _ = try await host.post(base, #"{"url":"rtmp://127.0.0.1/live/key"}"#)
      try await eventually { receiver.received.count == 3 }
      #expect(receiver.received.map(\.type) == ["output.connecting", "output.removed", "output.connecting"])
    }
  }

  @Test("An output's webhook is written down with the output, and what could not be stored is stored by itself later")
  func outputsWithoutRoom() async throws {
    try await run { server, backend, receiver in
      _ = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)","events":["output.*","link.*"]}"#)
      let (a, b, id) = try await LinkRouteTests.linked(server)
      try await eventually { receiver.received.count == 2 }
      try await server.execute(
        "CREATE TRIGGER fault BEFORE UPDATE ON rooms BEGIN SELECT RAISE(ABORT, 'fault'); END")
      let base = "/api/v1/rooms/\(a.room)/outputs"
      let output = try await a.host.post(base, #"{"url":"rtmp://127.0.0.1/live/key"}"#).string("id")
      try await eventually { receiver.received.last?.type == "output.connecting" }
      server.media.emit(.outputState(RoomID(rawValue: a.room), OutputID(rawValue: output), .live, reason: nil))
      #expect(try await b.host.send("DELETE", "\(b.base)/\(id)").status == 204)
      try await Task.sleep(for: .milliseconds(300))
      #expect(receiver.received.count == 3)
      try await server.execute("DROP TRIGGER fault")
      try await eventually { receiver.received.count == 6 }
      #expect(receiver.received[3...].map(\.type).sorted() == ["link.ended", "link.ended", "output.live"])
    }
  }

  @Test(
    "What can never work is refused at once",
    arguments: [
      (#"{"url":"ftp://example.org/"}"#, "webhook.url"), (#"{"url":"http://127.0.0.1/"}"#, "webhook.url"),
      (#"{"url":"https://127.0.0.1/"}"#, "webhook.private"),
      (#"{"url":"https://[::ffff:10.0.0.1]/"}"#, "webhook.private"),
      (#"{"url":"https://192.0.2.1/","events":["room.lives"]}"#, "webhook.private"),
      (#"{"url":"https://1.1.1.1/","events":["room.lives"]}"#, "webhook.events"),
      (#"{"url":"https://1.1.1.1/","events":[]}"#, "webhook.events"),
      (#"{"url":"https://1.1.1.1/","rooms":[""]}"#, "webhook.rooms"), (#"{"events":["*"]}"#, "json.malformed"),
    ])
  func refusals(body: String, code: String) async throws {
    try await withServer { server in
      let backend = try await server.backend()
      #expect(try await backend.post("/api/v1/webhooks", body).code == code)
      #expect(try await backend.get("/api/v1/webhooks").list("webhooks").isEmpty)
    }
  }

  @Test("Pages that make no sense, and more webhooks than there may be, are refused")
  func limits() async throws {
    try await WebhookReceiver.run { receiver in
      try await withServer(configure: { ($0.privateWebhooks, $0.limits.webhooks.count) = (true, 1) }) { server in
        let backend = try await server.backend()
        let made = try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)"}"#)
        let log = "/api/v1/webhooks/\(try made.string("id"))/deliveries"
        for query in ["limit=0", "limit=101", "limit=x", "cursor=-1", "state=lost"] {
          #expect(try await backend.get("\(log)?\(query)").code == "webhook.cursor", "\(query)")
        }
        #expect(try await backend.post("/api/v1/webhooks", #"{"url":"\#(receiver.url)"}"#).code == "webhook.limit")
        #expect(try await backend.post("\(log)/del_x/redeliver").code == "webhook.delivery-unknown")
      }
    }
  }

  @Test("Neither guests nor hosts get to webhooks")
  func rights() async throws {
    try await withServer { server in
      let (guest, boss) = (try await server.user("Ann"), try await server.operator())
      #expect(try await server.anonymous.get("/api/v1/webhooks").status == 401)
      #expect(try await guest.get("/api/v1/webhooks").status == 403)
      #expect(try await boss.get("/api/v1/webhooks").status == 200)
    }
  }
}
