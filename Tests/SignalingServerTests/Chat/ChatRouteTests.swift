import Foundation
import Signaling
import Testing

@testable import SignalingServer

@Suite struct ChatRouteTests {
  @Test("A message reaches every socket, whoever sent it how, and is there after a restart")
  func delivery() async throws {
    let folder = NSTemporaryDirectory() + "mixd-test-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (rooms, found) = AsyncStream<(Client, String)>.makeStream()
    try await withServer(directory: folder) { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let answer = try await bob.post("\(base(room))/messages", #"{"text":" 你好 ","kind":"danmaku"}"#)
        #expect(answer.status == 201)
        let told = try await socket.messages().first
        #expect(try told?["id"] as? String == answer.string("id"))
        #expect(told?["text"] as? String == "你好")
        #expect(told?["kind"] as? String == "danmaku" && told?["role"] as? String == "viewer")
        #expect(told?["userId"] as? String == bob.id && told?["admin"] == nil)
        try await socket.send(#"{"type":"chat","ref":1,"text":"Hello"}"#)
        let id = try await socket.next("ack")["id"] as? String
        let mine = try await bob.get("\(base(room))/messages").list("messages").last
        #expect(mine?["kind"] as? String == "text" && mine?["role"] as? String == "host")
        #expect(mine?["id"] as? String == id)
      }
      found.yield((bob, room))
    }
    let (bob, room) = try #require(await rooms.first { _ in true })
    try await withServer(directory: folder) { server in
      let again = Client(port: server.port, token: bob.token, id: bob.id)
      let texts = try await again.get("\(base(room))/messages").list("messages").map { $0["text"] as? String }
      #expect(texts == ["你好", "Hello"])
      try await again.events(room) { socket in
        let known = try await socket.next("snapshot")["messages"] as? [[String: Any]]
        #expect(known?.map { $0["text"] as? String } == ["你好", "Hello"])
      }
    }
  }

  @Test("A message has one date, in its answer, its event, the history and the snapshot")
  func dates() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let answer = try await host.post("\(base(room))/messages", #"{"text":"x"}"#)
        let sent = try #require(try answer.json["sentAt"] as? Int)
        #expect(try await socket.messages().first?["sentAt"] as? Int == sent)
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<20 {
          let dates = try await host.get("\(base(room))/messages").list("messages").map { $0["sentAt"] as? Int }
          #expect(dates == [sent])
        }
        try await host.events(room) { other in
          let known = try await other.next("snapshot")["messages"] as? [[String: Any]]
          #expect(known?.map { $0["sentAt"] as? Int } == [sent])
        }
      }
    }
  }

  @Test("History comes page by page, and what is deleted is gone for all")
  func pages() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      for text in ["a", "b", "c"] { _ = try await bob.post("\(base(room))/messages", #"{"text":"\#(text)"}"#) }
      _ = try await host.post("\(base(room))/messages", #"{"text":"d"}"#)
      let last = try await eve.get("\(base(room))/messages?limit=2")
      #expect(try last.list("messages").map { $0["text"] as? String } == ["c", "d"])
      let first = try await eve.get("\(base(room))/messages?limit=2&before=\(try last.string("next"))")
      #expect(try first.list("messages").map { $0["text"] as? String } == ["a", "b"])
      #expect(try first.json["next"] is NSNull)
      let id = try #require(try first.list("messages").first?["id"] as? String)
      try await eve.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await eve.send("DELETE", "\(base(room))/messages/\(id)").status == 403)
        #expect(try await bob.send("DELETE", "\(base(room))/messages/\(id)").status == 204)
        #expect(try await socket.next("chat.deleted")["id"] as? String == id)
      }
      #expect(try await host.send("DELETE", "\(base(room))/messages/\(id)").code == "chat.unknown")
      for query in ["limit=0", "limit=201", "limit=x", "before=x"] {
        #expect(try await eve.get("\(base(room))/messages?\(query)").code == "room.cursor")
      }
    }
  }

  @Test("A page goes on although the message that its cursor names is gone")
  func lostCursor() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      for text in ["a", "b", "c", "d"] { _ = try await host.post("\(base(room))/messages", #"{"text":"\#(text)"}"#) }
      let next = try await host.get("\(base(room))/messages?limit=2").string("next")
      #expect(try await host.send("DELETE", "\(base(room))/messages/\(next)").status == 204)
      let rest = try await host.get("\(base(room))/messages?limit=2&before=\(next)")
      #expect(try rest.list("messages").map { $0["text"] as? String } == ["a", "b"])
      let nothing = try await host.get("\(base(room))/messages?before=\(RandomName.make("m_"))")
      #expect(try nothing.list("messages").isEmpty && nothing.json["next"] is NSNull)
    }
  }

  @Test("After a new name, commands and calls of an older socket are signed with it")
  func newName() async throws {
    try await withServer { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await bob.send("PATCH", "/api/v1/users/me", #"{"name":"Robert"}"#).status == 200)
        try await socket.send(#"{"type":"chat","text":"x"}"#)
        #expect(try await socket.messages().first?["name"] as? String == "Robert")
        try await socket.send(#"{"type":"call","method":"POST","path":"messages","body":{"text":"y"}}"#)
        #expect(try await socket.messages().first?["name"] as? String == "Robert")
      }
    }
  }

  @Test("Who writes too fast, too much or a forbidden word is told so, with a time to wait")
  func refusals() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let long = String(repeating: "x", count: 161)
      #expect(try await bob.post("\(base(room))/messages", #"{"text":"\#(long)"}"#).code == "chat.too-long")
      #expect(try await bob.post("\(base(room))/messages", #"{"text":"x","kind":"gift"}"#).status == 400)
      let settings = #"{"settings":{"slowMode":60,"wordFilter":["spam"]}}"#
      #expect(try await host.send("PATCH", base(room), settings).status == 200)
      #expect(try await bob.post("\(base(room))/messages", #"{"text":"ＳＰＡＭ"}"#).code == "chat.filtered")
      #expect(try await bob.post("\(base(room))/messages", #"{"text":"x"}"#).status == 201)
      let slow = try await bob.post("\(base(room))/messages", #"{"text":"x"}"#)
      #expect(slow.status == 429 && slow.code == "chat.slow-mode")
      #expect((50...60).contains(slow.headers["retry-after"].flatMap { Int($0) } ?? 0))
    }
  }

  @Test("Gifts run up to one message, likes are counted, and a restart forgets neither")
  func giving() async throws {
    let folder = NSTemporaryDirectory() + "mixd-test-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (rooms, found) = AsyncStream<(Client, String)>.makeStream()
    try await withServer(directory: folder) { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let catalogue = try await server.anonymous.get("/api/v1/gifts").list("gifts")
      #expect(catalogue.contains { $0["id"] as? String == "rose" && $0["price"] as? Int == 0 })
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let given = try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":2}"#)
        #expect(given.status == 201)
        let gift = try await socket.next("gift")
        #expect(try gift["message"] as? String == given.string("id"))
        #expect(gift["combo"] as? Int == 2)
        _ = try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":3}"#)
        #expect(try await socket.next("gift")["combo"] as? Int == 5)
        let liked = try await bob.post("\(base(room))/likes", #"{"count":7}"#)
        #expect(try liked.json["likes"] as? Int == 7)
        #expect(liked.status == 202)
        let likes = try await socket.next("likes")
        #expect(likes["likes"] as? Int == 7 && likes["users"] as? [String] == ["Bob"])
        try await socket.send(#"{"type":"like","count":3}"#)
        #expect(try await socket.next("likes")["likes"] as? Int == 10)
        try await socket.send(#"{"type":"gift","giftId":"rocket","count":1}"#)
        #expect(try await socket.next("gift")["giftId"] as? String == "rocket")
      }
      #expect(try await bob.post("\(base(room))/gifts", #"{"giftId":"yacht","count":1}"#).code == "gift.unknown")
      #expect(try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":0}"#).code == "gift.count")
      #expect(try await bob.post("\(base(room))/likes", #"{"count":21}"#).code == "like.count")
      found.yield((bob, room))
    }
    let (bob, room) = try #require(await rooms.first { _ in true })
    try await withServer(directory: folder) { server in
      let again = Client(port: server.port, token: bob.token, id: bob.id)
      try await again.events(room) { socket in
        let snapshot = try await socket.next("snapshot")
        #expect(snapshot["likes"] as? Int == 10)
        let gifts = (snapshot["messages"] as? [[String: Any]])?.map { $0["gift"] as? [String: Any] }
        #expect(gifts?.map { $0?["count"] as? Int } == [5, 1])
      }
      let shown = try await again.get(base(room)).json
      #expect(shown["gifts"] as? Int == 6 && shown["giftValue"] as? Int == 0 && shown["likes"] as? Int == 10)
    }
  }

  @Test("A gift that the room cannot take, or not from this user, is refused with a time to wait, and does not count")
  func refusedGifts() async throws {
    try await withServer(configure: {
      ($0.limits.room.chat.giftBurst, $0.limits.room.chat.giftInterval) = (1, 60)
    }) { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      #expect(try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":2}"#).status == 201)
      let hasty = try await bob.post("\(base(room))/gifts", #"{"giftId":"rocket","count":1}"#)
      #expect(hasty.status == 429 && hasty.code == "chat.too-often")
      #expect((50...60).contains(hasty.headers["retry-after"].flatMap { Int($0) } ?? 0))
      #expect(try await bob.get(base(room)).json["gifts"] as? Int == 2)
      #expect(try await bob.get("\(base(room))/messages").list("messages").count == 1)
    }
    try await withServer(configure: { $0.limits.room.chat.waitingGifts = 0 }) { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      let refused = try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":2}"#)
      #expect(refused.status == 429 && refused.code == "chat.too-often" && refused.headers["retry-after"] == "1")
      #expect(try await bob.get(base(room)).json["gifts"] as? Int == 0)
      #expect(try await bob.get("\(base(room))/messages").list("messages").isEmpty)
    }
  }

  @Test("Announcements obey the word filter, whoever makes them")
  func filteredAnnouncements() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      #expect(try await host.send("PATCH", base(room), #"{"settings":{"wordFilter":["spam"]}}"#).status == 200)
      for client in [host, try await server.operator()] {
        let refused = try await client.post("\(base(room))/announcements", #"{"text":"Buy SPAM"}"#)
        #expect(refused.status == 422 && refused.code == "chat.filtered")
      }
    }
  }

  @Test("Announcements come from moderators only and carry the server's kind")
  func announcements() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      #expect(try await bob.post("\(base(room))/announcements", #"{"text":"x"}"#).status == 403)
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await host.post("\(base(room))/announcements", #"{"text":"Welcome"}"#).status == 201)
        #expect(try await socket.messages().first?["kind"] as? String == "system")
      }
    }
  }
}

func base(_ room: String) -> String { "/api/v1/rooms/\(room)" }

extension WebSocketClient {
  /// The next batch of messages.
  func messages() async throws -> [[String: Any]] {
    try #require(try await next("chat.messages")["messages"] as? [[String: Any]])
  }
}
