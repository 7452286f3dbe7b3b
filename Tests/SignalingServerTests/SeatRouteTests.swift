import Testing

@testable import SignalingServer

@Suite struct SeatRouteTests {
  @Test("Seats are shown to all, locked by the host, and every change is told")
  func locks() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let eve = try await server.user("Eve")
      #expect(try await host.send("PATCH", base, #"{"settings":{"stage":3}}"#).status == 200)
      try await eve.events(room) { socket in
        let snapshot = try await socket.next("snapshot")
        #expect((snapshot["seats"] as? [[String: Any]])?.count == 3)
        #expect((snapshot["settings"] as? [String: Any])?["stage"] as? Int == 3)
        #expect((snapshot["standing"] as? [String: Any])?["role"] as? String == "viewer")
        let locked = try await host.send("PUT", "\(base)/seats/2", #"{"locked":true}"#)
        #expect(try locked.list("seats").map { $0["state"] as? String } == ["taken", "free", "locked"])
        let told = try await socket.next("seats.changed")["seats"] as? [[String: Any]]
        #expect(told?.last?["state"] as? String == "locked")
      }
      #expect(try await eve.send("PUT", "\(base)/seats/1", #"{"locked":true}"#).code == "auth.forbidden")
      #expect(try await host.send("PUT", "\(base)/seats/0", #"{"locked":true}"#).code == "seat.taken")
      for index in ["3", "-1", "x"] {
        let answer = try await host.send("PUT", "\(base)/seats/\(index)", #"{"locked":true}"#)
        #expect(answer.status == 404 && answer.code == "seat.unknown", "\(index)")
      }
      _ = try await server.cohost("Bob", room, host: host)
      #expect(try await eve.post("\(base)/applications", #"{"media":"video"}"#).code == "room.full")
      #expect(try await host.send("PATCH", base, #"{"settings":{"stage":2}}"#).status == 200)
      _ = try await host.send("PATCH", base, #"{"settings":{"stage":3}}"#)
      let carl = try await server.cohost("Carl", room, host: host)
      #expect(try await host.send("PATCH", base, #"{"settings":{"stage":2}}"#).code == "settings.stage-occupied")
      let people = try await host.get("\(base)/participants").list("participants")
      #expect(people.map { $0["seat"] as? Int } == [0, 1, 2])
      #expect(try await host.send("DELETE", "\(base)/participants/\(carl.id)").status == 204)
      let again = try await carl.post("\(base)/applications", #"{"media":"video"}"#)
      #expect(again.status == 429 && again.code == "application.too-often")
    }
  }

  @Test("The host's queue: a badge, messages, places, pages, and a reason for who is refused")
  func queue() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        var people: [Client] = []
        for index in 0..<3 {
          let user = try await server.user("V\(index)")
          let made = try await user.post("\(base)/applications", #"{"media":"video","message":"Hi \#(index)"}"#)
          #expect(try made.json["position"] as? Int == index + 1 && made.json["total"] as? Int == index + 1)
          #expect(try await socket.next("application.count")["count"] as? Int == index + 1)
          people.append(user)
        }
        let first = try await host.get("\(base)/applications?limit=2")
        #expect(try first.list("applications").map { $0["message"] as? String } == ["Hi 0", "Hi 1"])
        let next = try first.string("next")
        let id = try #require(try first.list("applications").first?["id"] as? String)
        let long = String(repeating: "x", count: 101)
        #expect(
          try await host.post("\(base)/applications/\(id)/reject", #"{"reason":"\#(long)"}"#).code == "request.reason")
        let refused = try await host.post("\(base)/applications/\(id)/reject", #"{"reason":"Later"}"#)
        #expect(try refused.string("reason") == "Later" && refused.string("state") == "rejected")
        #expect(try await socket.next("application.count")["count"] as? Int == 2)
        let rest = try await host.get("\(base)/applications?limit=2&cursor=\(next)")
        #expect(try rest.list("applications").map { $0["message"] as? String } == ["Hi 2"])
        #expect(rest.body.contains("\"next\":null"))
        #expect(
          try await people[1].get("\(base)/applications").list("applications").map { $0["position"] as? Int } == [1])
        #expect(try await host.get("\(base)/applications?cursor=x").code == "room.cursor")
      }
      #expect(try await host.send("PATCH", base, #"{"settings":{"applications":"closed"}}"#).status == 200)
      let late = try await server.user("Late")
      let refused = try await late.post("\(base)/applications", #"{"media":"video"}"#)
      #expect(refused.status == 403 && refused.code == "application.closed-by-host")
    }
  }

  @Test("Settings are merged, checked, and the word filter is shown to helpers only")
  func settings() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let made = try await host.post(
        "/api/v1/rooms",
        #"{"title":"x","cover":"https://example.org/c.png","settings":{"requestTimeout":20,"wordFilter":["spam"]}}"#)
      let path = "/api/v1/rooms/\(try made.string("id"))"
      let changed = try await host.send("PATCH", path, #"{"settings":{"muteAll":true}}"#).json["settings"]
      let settings = try #require(changed as? [String: Any])
      #expect(settings["requestTimeout"] as? Int == 20 && settings["muteAll"] as? Bool == true)
      #expect(settings["wordFilter"] as? [String] == ["spam"])
      let seen = try #require(try await server.anonymous.get(path).json["settings"] as? [String: Any])
      #expect(seen["muteAll"] as? Bool == true && seen["wordFilter"] == nil)
      let cases: [(String, Int, String)] = [
        (#"{"cover":"http://example.org/"}"#, 422, "room.cover"),
        (#"{"settings":{"stage":17}}"#, 422, "settings.stage"),
        (#"{"settings":{"slowMode":-1}}"#, 422, "settings.slow-mode"),
        (#"{"settings":{"requestTimeout":5}}"#, 422, "settings.request-timeout"),
        (#"{"settings":{"wordFilter":[""]}}"#, 422, "settings.word-filter"),
        (#"{"settings":{"applications":"maybe"}}"#, 400, "json.malformed"),
        (#"{"tags":["1","2","3","4","5","6"]}"#, 422, "room.tags"),
      ]
      for (body, status, code) in cases {
        let answer = try await host.send("PATCH", path, body)
        #expect(answer.status == status && answer.code == code, "\(body) → \(answer.body)")
      }
    }
  }
}
