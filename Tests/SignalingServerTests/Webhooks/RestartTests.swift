import Foundation
import Testing

@testable import SignalingServer

@Suite struct WebhookRestartTests {
  @Test("A room that was live when the server died is told to wait, once, when it is back")
  func waiting() async throws {
    let folder = NSTemporaryDirectory() + "mixd-restart-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configure: @Sendable (inout SignalingServerConfiguration) -> Void = { $0.privateWebhooks = true }
    try await WebhookReceiver.run({ _, _ in .answer(200) }) { receiver in
      let told: @Sendable (String) -> [WebhookReceiver.Received] = { type in
        receiver.received.filter { $0.type == type }
      }
      try await withServer(directory: folder, configure: configure) { server in
        let wish = #"{"url":"\#(receiver.url)","events":["room.*"]}"#
        #expect(try await server.operator().post("/api/v1/webhooks", wish).status == 201)
        _ = try await server.user("Idle").openRoom("Never live")
        _ = try await server.liveRoom()
        try await eventually { told("room.live").count == 1 }
      }
      #expect(told("room.waiting").isEmpty)
      try await withServer(directory: folder, configure: configure) { _ in
        try await eventually { told("room.waiting").count == 1 }
        let room = (told("room.waiting").first?.object["data"] as? [String: Any])?["room"] as? [String: Any]
        #expect(room?["status"] as? String == "waiting" && room?["title"] as? String == "Show")
      }
      try await withServer(directory: folder, configure: configure) { server in
        let list = try await server.anonymous.get("/api/v1/rooms")
        #expect(list.status == 200)
      }
      #expect(told("room.waiting").count == 1)
    }
  }

  @Test("A link and a battle that went on when the server died are told to be over, once, before the rooms wait")
  func links() async throws {
    let folder = NSTemporaryDirectory() + "mixd-restart-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configure: @Sendable (inout SignalingServerConfiguration) -> Void = { $0.privateWebhooks = true }
    try await WebhookReceiver.run({ _, _ in .answer(200) }) { receiver in
      let told: @Sendable (String) -> [WebhookReceiver.Received] = { type in
        receiver.received.filter { $0.type == type }
      }
      try await withServer(directory: folder, configure: configure) { server in
        let wish = #"{"url":"\#(receiver.url)","events":["room.*","link.*","battle.*"]}"#
        #expect(try await server.operator().post("/api/v1/webhooks", wish).status == 201)
        _ = try await LinkRouteTests.linked(server, #","battle":{"duration":60}"#)
        try await eventually { told("link.started").count == 2 }
      }
      #expect(told("link.ended").isEmpty && told("battle.over").isEmpty)
      try await withServer(directory: folder, configure: configure) { _ in
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
        let types = receiver.received.filter { ($0.object["room"] as? [String: Any])?["id"] as? String == room }
          .map(\.type).suffix(3)
        #expect(Array(types) == ["battle.over", "link.ended", "room.waiting"])
      }
      try await withServer(directory: folder, configure: configure) { server in
        let status = try await server.anonymous.get("/api/v1/rooms").status
        #expect(status == 200)
      }
      #expect(told("link.ended").count == 2 && told("battle.over").count == 2)
    }
  }
}
