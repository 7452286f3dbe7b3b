import Foundation
import Testing

@testable import SignalingServer

@Suite struct RoomListTests {
  private func names(_ server: TestServer, _ query: String) async throws -> [String] {
    try await server.anonymous.get("/api/v1/rooms?\(query)").list("rooms").compactMap { $0["title"] as? String }
  }

  @Test("Rooms are found by title, host, tag and whole id, whatever the case and width, and by category, tag and host")
  func search() async throws {
    try await withServer { server in
      let (ann, bob) = (try await server.user("Ann"), try await server.user("Bob"))
      let first = try await ann.post(
        "/api/v1/rooms", #"{"title":"Piano 钢琴","category":"Music","tags":["live","ＪＡＺＺ"]}"#)
      #expect(first.status == 201)
      _ = try await bob.post("/api/v1/rooms", #"{"title":"Cooking","tags":["lively"],"category":"Food"}"#)
      let id = try first.string("id")
      for query in [
        "q=PIANO", "q=%E9%92%A2", "q=piano+%E9%92%A2", "q=piano%20%E9%92%A2", "q=ann", "q=jazz",
        "q=\(id)", "q=\(id.lowercased())", "q=%20piano+", "q=%09\(id)%0D%0A",
        "category=music", "tag=LIVE", "tag=jazz",
        "host=\(ann.id)", "q=piano&category=Music&tag=live&host=\(ann.id)&sort=newest",
      ] {
        #expect(try await names(server, query) == ["Piano 钢琴"], "\(query)")
        #expect(try await names(server, query + "&sort=hottest") == ["Piano 钢琴"], "\(query)")
      }
      for query in [
        "q=violin", "tag=liv", "category=mus", "host=nobody", "q=piano&category=Food", "q=%25", "q=piano%2B%E9%92%A2",
        "q=%00", "q=%0A", "q=%01%00", "q=piano%00", "q=ann%0A%0Alive", "tag=%00", "category=Music%00", "q=\(ann.id)",
        "q=r_", "q=\(id.prefix(12))", "q=\(id.dropFirst(2))",
      ] {
        #expect(try await names(server, query).isEmpty, "\(query)")
      }
      for query in ["q=", "q=+%20"] { #expect(try await names(server, query).count == 2, "\(query)") }
      let patched = try await ann.send("PATCH", "/api/v1/rooms/\(id)", #"{"title":"Violin","tags":[]}"#)
      #expect(patched.status == 200)
      #expect(try await names(server, "q=violin") == ["Violin"])
      #expect(try await names(server, "tag=jazz").isEmpty)
      let long = String(repeating: "x", count: 201)
      for query in ["sort=best", "q=\(long)", "sort=hottest&cursor=7", "sort=hottest&cursor=99.0"] {
        let answer = try await server.anonymous.get("/api/v1/rooms?\(query)")
        #expect(answer.status == 400 && answer.code == "room.cursor", "\(query)")
      }
    }
  }

  @Test("The hottest rooms come first, and their pages neither repeat nor lose one while the audience moves")
  func hottest() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      var made: [String] = []
      for index in 0..<25 { made.append(try await host.openRoom("\(index)")) }
      let rooms = made
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      let (full, half, late) = (rooms[3], rooms[20], rooms[10])
      let seen = try await bob.events(full) { _ in
        try await eve.events(full) { _ in
          try await bob.events(half) { _ -> [String] in
            for (room, viewers) in [(full, 2), (half, 1)] {
              try await eventually {
                try await server.anonymous.get("/api/v1/rooms/\(room)").json["viewers"] as? Int == viewers
              }
            }
            let (first, next) = try await page(server, "")
            // A room of the second page becomes the hottest one.
            let rest = try await eve.events(late) { _ in
              try await bob.events(late) { _ in try await pages(server, from: next) }
            }
            return first + rest
          }
        }
      }
      #expect(seen == [full, half] + rooms.reversed().filter { $0 != full && $0 != half })
    }
  }

  @Test("Requests for the hottest rooms that come together are answered from one order of them")
  func ranking() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      for index in 0..<40 { _ = try await host.openRoom("\(index)") }
      let start = ContinuousClock.now
      let tasks = (0..<24).map { _ in Task { try await page(server, "").next } }
      var cursors: Set<String?> = []
      for task in tasks { cursors.insert(try await task.value) }
      let orders = 1 + Int((ContinuousClock.now - start) / .seconds(RoomRankings.freshness))
      #expect(cursors.count <= orders)
      if orders == 1 { #expect(cursors == ["1.10"]) }
    }
  }

  @Test("Rooms that are over have an order of their own, and rooms that only the store knows go by their likes")
  func stored() async throws {
    let folder = NSTemporaryDirectory() + "mixd-hottest-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withServer(directory: folder) { server in
      let (host, bob) = (try await server.user("Ann"), try await server.user("Bob"))
      for state in ["open", "over"] {
        for likes in [0, 20, 10, 0] {
          let room = try await host.openRoom("\(state) \(likes)")
          if likes > 0 {
            let answer = try await bob.post("/api/v1/rooms/\(room)/likes", #"{"count":\#(likes)}"#)
            #expect(answer.status == 202)
          }
          if state == "over" { #expect(try await host.send("DELETE", "/api/v1/rooms/\(room)").status == 204) }
        }
      }
      #expect(try await names(server, "sort=hottest&status=ended") == ["over 20", "over 10", "over 0", "over 0"])
    }
    try await withServer(directory: folder) { server in
      #expect(try await names(server, "sort=hottest") == ["open 20", "open 10", "open 0", "open 0"])
      let page = try await server.anonymous.get("/api/v1/rooms?sort=hottest&status=ended&limit=2")
      let next = try page.string("next")
      #expect(try await names(server, "sort=hottest&status=ended&limit=2&cursor=\(next)") == ["over 0", "over 0"])
      #expect(try await server.anonymous.get("/api/v1/rooms?sort=hottest&cursor=\(next)").code == "room.cursor")
    }
  }

  private func pages(_ server: TestServer, from cursor: String?) async throws -> [String] {
    guard let cursor else { return [] }
    let (rooms, next) = try await page(server, "&cursor=\(cursor)")
    return rooms + (try await pages(server, from: next))
  }

  private func page(_ server: TestServer, _ query: String) async throws -> (rooms: [String], next: String?) {
    let answer = try await server.anonymous.get("/api/v1/rooms?sort=hottest&limit=10\(query)")
    return (try answer.list("rooms").compactMap { $0["id"] as? String }, try answer.json["next"] as? String)
  }
}
