import Foundation
import MediaControl
import Testing

@testable import SignalingServer

@Suite struct RoomTests {
  @Test("A room is made, shown, changed and ended by its host")
  func life() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let made = try await host.post(
        "/api/v1/rooms", #"{"title":" Show ","layout":"grid","video":{"width":720,"height":1280}}"#)
      #expect(made.status == 201)
      let room = try made.string("id")
      #expect(made.headers["location"] == "/api/v1/rooms/\(room)")
      let shown = try await server.anonymous.get("/api/v1/rooms/\(room)").json
      #expect(shown["title"] as? String == "Show" && shown["status"] as? String == "waiting")
      #expect(shown["hostName"] as? String == "Ann" && shown["hostId"] as? String == host.id)
      #expect((shown["video"] as? [String: Int])?["height"] == 1280)
      let changed = try await host.send("PATCH", "/api/v1/rooms/\(room)", #"{"title":"New","layout":"pip"}"#)
      #expect(try changed.string("title") == "New" && changed.string("layout") == "pip")
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204)
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "ended")
      let again = try await host.send("DELETE", "/api/v1/rooms/\(room)")
      #expect(again.status == 410 && again.code == "room.ended")
    }
  }

  @Test("Bad rooms are refused with their codes")
  func refusals() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let cases: [(String, Int, String)] = [
        (#"{"title":"  "}"#, 422, "room.title"), (#"{"title":"x","layout":"spiral"}"#, 422, "layout.unknown"),
        (#"{"title":"x","video":{"width":1281}}"#, 422, "room.video"),
        (#"{"title":"x","video":{"width":1920,"height":1920}}"#, 422, "room.video"),
        (#"{"title":"x","video":{"frameRate":0}}"#, 422, "room.video"),
        (#"{"title":"x","video":{"bitrate":-1}}"#, 422, "room.video"),
        (#"{"title":"x","video":{"width":99999999999999999999}}"#, 400, "json.malformed"),
        (#"{"layout":"pip"}"#, 400, "json.malformed"),
        (#"{"title":"Buy SPAM","settings":{"wordFilter":["spam"]}}"#, 422, "chat.filtered"),
        (#"{"title":"x","tags":["spam"],"settings":{"wordFilter":["spam"]}}"#, 422, "chat.filtered"),
      ]
      for (body, status, code) in cases {
        let answer = try await host.post("/api/v1/rooms", body)
        #expect(answer.status == status && answer.code == code, "\(body) → \(answer.body)")
      }
      let missing = try await server.anonymous.get("/api/v1/rooms/r_nothing")
      #expect(missing.status == 404 && missing.code == "room.unknown")
    }
  }

  @Test("Pages of the list neither repeat nor lose a room while others come and go")
  func paging() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      var stable: Set<String> = []
      var doomed: [String] = []
      for index in 0..<45 {
        let room = try await host.openRoom("\(index)")
        if index % 3 == 0 { doomed.append(room) } else { stable.insert(room) }
      }
      var seen: [String] = []
      var cursor: String?
      repeat {
        let path = "/api/v1/rooms?limit=7" + (cursor.map { "&cursor=\($0)" } ?? "")
        let page = try await server.anonymous.get(path)
        seen += try page.list("rooms").compactMap { $0["id"] as? String }
        cursor = try page.json["next"] as? String
        if let room = doomed.popLast() { _ = try await host.send("DELETE", "/api/v1/rooms/\(room)") }
        _ = try await host.openRoom("new")
      } while cursor != nil
      #expect(Set(seen).count == seen.count)
      #expect(stable.isSubset(of: seen))
    }
  }

  @Test("The list is filtered by status and refuses unreadable questions")
  func filter() async throws {
    try await withServer { server in
      let (_, live) = try await server.liveRoom()
      let other = try await server.user("Bob")
      _ = try await other.openRoom()
      let page = try await server.anonymous.get("/api/v1/rooms?status=live")
      #expect(try page.list("rooms").map { $0["id"] as? String } == [live])
      #expect(page.body.contains("\"next\":null"))
      for query in ["status=dead", "cursor=x", "cursor=-1", "limit=0", "limit=101", "limit=x"] {
        let answer = try await server.anonymous.get("/api/v1/rooms?\(query)")
        #expect(answer.status == 400 && answer.code == "room.cursor", "\(query)")
      }
    }
  }

  @Test("A room is live from its host's first media until he leaves, or stays away too long")
  func liveness() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let session = try #require(try await host.whip(room).headers["location"])
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "waiting")
      try await server.arrive(host, room)
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "live")
      let id = SessionID(rawValue: String(try #require(session.split(separator: "/").last)))
      server.media.emit(.sessionState(id, RoomID(rawValue: room), .disconnected))
      server.media.emit(.sessionState(id, RoomID(rawValue: room), .closed))
      try await eventually {
        try await host.get("/api/v1/rooms/\(room)/participants").list("participants").first?["state"] as? String
          == "reconnecting"
      }
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "live")
      let again = try #require(try await host.whip(room).headers["location"])
      #expect(try await host.send("DELETE", again).status == 204)
      #expect(try await host.get("/api/v1/rooms/\(room)").string("status") == "waiting")
      #expect(try await host.get("/api/v1/rooms/\(room)/participants").list("participants").isEmpty)
    }
  }

  @Test("Rooms, titles and outputs survive a restart; a live room waits for its host")
  func restart() async throws {
    let directory = NSTemporaryDirectory() + "mixd-restart-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let kept = Kept()
    try await withServer(directory: directory) { server in
      let (host, room) = try await server.liveRoom()
      _ = try await host.send("PATCH", "/api/v1/rooms/\(room)", #"{"title":"Kept"}"#)
      #expect(
        try await host.post("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://127.0.0.1/live/key1"}"#).status == 201)
      let over = try await host.openRoom()
      #expect(try await host.send("DELETE", "/api/v1/rooms/\(over)").status == 204)
      await kept.keep(host, room, over)
    }
    try await withServer(directory: directory) { server in
      let (old, room, over) = await kept.all
      let host = Client(port: server.port, token: old.token, id: old.id)
      let shown = try await host.get("/api/v1/rooms/\(room)")
      #expect(try shown.string("title") == "Kept" && shown.string("status") == "waiting")
      #expect(try await host.get("/api/v1/rooms/\(over)").string("status") == "ended")
      #expect(try await host.get("/api/v1/rooms/\(room)/outputs").list("outputs").count == 1)
      #expect(try await host.whip(room).status == 201)
      #expect(server.media.commands.map(\.name).prefix(3) == ["createRoom", "addOutput", "openPublisher"])
      let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/token.key")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  private actor Kept {
    var all = (Client(port: 0), "", "")
    func keep(_ host: Client, _ room: String, _ over: String) { all = (host, room, over) }
  }
}
