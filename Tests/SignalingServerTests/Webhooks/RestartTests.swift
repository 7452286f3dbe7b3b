import Foundation
import Testing

@testable import SignalingServer

@Suite struct WebhookRestartTests {
  /// Servers one after the other on the same data, and a receiver of what they tell.
  private struct Restarts: Sendable {
    let receiver: WebhookReceiver
    let events: String
    let folder: String

    var told: @Sendable (String) -> [WebhookReceiver.Received] {
      { [receiver] type in receiver.received.filter { $0.type == type } }
    }

    /// The first one, which is asked to tell.
    func begin(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
      try await again { server in
        let wish = #"{"url":"\#(receiver.url)","events":\#(events)}"#
        let answer = try await server.operator().post("/api/v1/webhooks", wish)
        #expect(answer.status == 201)
        try await body(server)
      }
    }

    func again(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
      try await withServer(directory: folder, configure: { $0.privateWebhooks = true }, body)
    }
  }

  private func withRestarts(
    telling events: String, _ body: @escaping @Sendable (Restarts) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "mixd-restart-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await WebhookReceiver.run({ _, _ in .answer(200) }) { receiver in
      try await body(Restarts(receiver: receiver, events: events, folder: folder))
    }
  }

  @Test("A room that was live when the server died is told to wait, once, when it is back")
  func waiting() async throws {
    try await withRestarts(telling: #"["room.*"]"#) { restarts in
      let told = restarts.told
      try await restarts.begin { server in
        _ = try await server.user("Idle").openRoom("Never live")
        _ = try await server.liveRoom()
        try await eventually { told("room.live").count == 1 }
      }
      #expect(told("room.waiting").isEmpty)
      try await restarts.again { _ in
        try await eventually { told("room.waiting").count == 1 }
        let room = (told("room.waiting").first?.object["data"] as? [String: Any])?["room"] as? [String: Any]
        #expect(room?["status"] as? String == "waiting" && room?["title"] as? String == "Show")
      }
      try await restarts.again { server in
        let list = try await server.anonymous.get("/api/v1/rooms")
        #expect(list.status == 200)
      }
      #expect(told("room.waiting").count == 1)
    }
  }

  @Test("A link and a battle that went on when the server died are told to be over, once, before the rooms wait")
  func links() async throws {
    try await withRestarts(telling: #"["room.*","link.*","battle.*"]"#) { restarts in
      let told = restarts.told
      try await restarts.begin { server in
        _ = try await LinkRouteTests.linked(server, #","battle":{"duration":60}"#)
        try await eventually { told("link.started").count == 2 }
      }
      #expect(told("link.ended").isEmpty && told("battle.over").isEmpty)
      try await restarts.again { _ in
        try await eventually { told("room.waiting").count == 2 }
        #expect(told("link.ended").count == 2 && told("battle.over").count == 2)
        for event in told("link.ended") + told("battle.over") {
          let data = try #require(event.object["data"] as? [String: Any])
          let link = try #require(data["link"] as? [String: Any])
          #expect(data["reason"] as? String == "restart" && link["state"] as? String == "ended")
          #expect((link["rooms"] as? [[String: Any]])?.count == 2)
          let battle = try #require(link["battle"] as? [String: Any])
          #expect(battle["state"] as? String == "over" && battle["winner"] is NSNull)
        }
        let room = try #require((told("link.ended").first?.object["room"] as? [String: Any])?["id"] as? String)
        let types = restarts.receiver.received.filter {
          ($0.object["room"] as? [String: Any])?["id"] as? String == room
        }
        .map(\.type).suffix(3)
        #expect(Array(types) == ["battle.over", "link.ended", "room.waiting"])
      }
      try await restarts.again { server in
        let status = try await server.anonymous.get("/api/v1/rooms").status
        #expect(status == 200)
      }
      #expect(told("link.ended").count == 2 && told("battle.over").count == 2)
    }
  }
}
