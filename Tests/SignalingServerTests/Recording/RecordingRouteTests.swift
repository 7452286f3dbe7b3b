import Foundation
import MediaControl
import Testing

@testable import SignalingServer

@Suite struct RecordingRouteTests {
  @Test("A recording begins, is the only one, is stopped, and is deleted with its file")
  func life() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let (host, base) = (scene.host, scene.base)
      let id = try await scene.start(isEmpty: true)
      let mode = try FileManager.default.attributesOfItem(atPath: scene.path(of: id))[.posixPermissions] as? Int
      #expect(mode == 0o600)
      try scene.write(id)
      #expect(try await host.post(base).code == "recording.running")
      let running = try await host.get("\(base)/\(id)")
      #expect(try running.string("state") == "recording" && running.string("roomId") == scene.room)
      #expect(try running.json["bytes"] as? Int == 10)
      #expect(try running.json["endedAt"] == nil)
      #expect(try await host.send("DELETE", "\(base)/\(id)").code == "recording.running")
      let stopped = try await host.post("\(base)/\(id)/stop")
      #expect(try stopped.string("state") == "ended" && stopped.string("reason") == "stopped")
      #expect(try stopped.json["bytes"] as? Int == 10)
      #expect(try stopped.json["endedAt"] != nil)
      #expect(try await host.post("\(base)/\(id)/stop").string("reason") == "stopped")
      #expect(server.media.commands.suffix(2).map(\.name) == ["startRecording", "finishRecording"])
      #expect(try await host.send("DELETE", "\(base)/\(id)").status == 204)
      #expect(!scene.exists(scene.path(of: id)))
      for path in ["\(base)/\(id)", "\(base)/\(id)/file"] {
        let answer = try await host.get(path)
        #expect(answer.code == "recording.unknown")
      }
    }
  }

  @Test("The list has pages, the newest first, and a room keeps only so many")
  func list() async throws {
    try await withServer(configure: { $0.limits.recording.perRoom = 3 }) { server in
      let scene = try await RecordingScene(server)
      let (host, base) = (scene.host, scene.base)
      var ids: [String] = []
      for _ in 0..<3 {
        let id = try await scene.start()
        try await scene.stop(id)
        ids.append(id)
      }
      #expect(try await host.post(base).code == "recording.too-many")
      let first = try await host.get("\(base)?limit=2")
      let second = try await host.get("\(base)?limit=2&cursor=\(try first.string("next"))")
      let listed = try (first.list("recordings") + second.list("recordings")).compactMap { $0["id"] as? String }
      #expect(listed == ids.reversed())
      #expect(try second.json["next"] is NSNull)
      for query in ["limit=0", "limit=101", "cursor=x"] {
        let answer = try await host.get("\(base)?\(query)")
        #expect(answer.code == "recording.cursor")
      }
      #expect(try await host.send("DELETE", "\(base)/\(ids[0])").status == 204)
      #expect(try await host.post(base).status == 201)
    }
  }

  @Test("The file is answered whole or in part, with its name and type")
  func file() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      try await scene.stop(id)
      let path = "\(scene.base)/\(id)/file"
      let whole = try await scene.host.get(path)
      #expect(whole.status == 200 && whole.body == RecordingScene.film)
      #expect(whole.headers["content-type"] == "video/mp4" && whole.headers["content-length"] == "10")
      #expect(whole.headers["accept-ranges"] == "bytes")
      #expect(whole.headers["content-disposition"] == "inline; filename=\"\(id).mp4\"")
      let part = try await scene.host.send("GET", path, headers: ["Range": "bytes=2-5"])
      #expect(part.status == 206 && part.body == "2345")
      #expect(part.headers["content-range"] == "bytes 2-5/10" && part.headers["content-length"] == "4")
      let beyond = try await scene.host.send("GET", path, headers: ["Range": "bytes=10-"])
      #expect(beyond.code == "recording.range" && beyond.headers["content-range"] == "bytes */10")
      let tag = "\"\(id)-10\""
      #expect(whole.headers["etag"] == tag && part.headers["etag"] == tag)
      let known = try await scene.host.send("GET", path, headers: ["If-None-Match": tag])
      #expect(known.status == 304 && known.body.isEmpty)
      for (wanted, status) in [("W/\(tag)", 304), ("\"x\", W/\(tag)", 304), ("W/\"x\"", 200)] {
        let answer = try await scene.host.send("GET", path, headers: ["If-None-Match": wanted])
        #expect(answer.status == status, "\(wanted)")
      }
      let head = try await scene.host.send("HEAD", path, headers: ["Range": "bytes=2-5"])
      #expect(head.status == 200 && head.headers["content-length"] == "10" && head.headers["content-range"] == nil)
      let rest = try await scene.host.send("GET", path, headers: ["Range": "bytes=8-", "If-Range": tag])
      #expect(rest.status == 206 && rest.body == "89")
      let other = try await scene.host.send("GET", path, headers: ["Range": "bytes=8-", "If-Range": "\"other\""])
      #expect(other.status == 200 && other.body == RecordingScene.film)
      try FileManager.default.removeItem(atPath: scene.path(of: id))
      #expect(try await scene.host.get(path).code == "recording.lost")
    }
  }

  @Test("A file in which there is nothing yet is worth another try; one that grows has no tag")
  func growing() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start(isEmpty: true)
      let path = "\(scene.base)/\(id)/file"
      let early = try await scene.host.get(path)
      #expect(early.status == 409 && early.code == "recording.not-yet" && early.headers["retry-after"] == "2")
      try scene.write(id)
      let grown = try await scene.host.get(path)
      #expect(grown.status == 200 && grown.headers["etag"] == nil)
    }
  }

  @Test("Ranges mean what RFC 9110 says")
  func ranges() {
    let cases: [(String?, ByteRange)] = [
      (nil, .whole), ("bytes=0-9", .part(0...9)), ("bytes=3-", .part(3...9)), ("bytes=-4", .part(6...9)),
      ("bytes=-40", .part(0...9)), ("bytes=5-400", .part(5...9)), ("bytes=10-12", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=5-3", .whole),
      ("bytes=-99999999999999999999", .part(0...9)),
      ("bytes=0-1,4-5", .whole), ("bytes=-", .whole), ("bytes=x-", .whole), ("lines=0-1", .whole), ("", .whole),
    ]
    for (field, expected) in cases {
      #expect(ByteRange(field, size: 10) == expected, "\(field ?? "none")")
    }
  }

  @Test("Only the host records; he and operators end it and have what was recorded")
  func rights() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      let (viewer, boss) = (try await server.user("Eve"), try await server.operator())
      for client in [viewer, boss] {
        let begun = try await client.post(scene.base)
        #expect(begun.status == 403)
      }
      #expect(try await viewer.post("\(scene.base)/\(id)/stop").status == 403)
      for path in [scene.base, "\(scene.base)/\(id)", "\(scene.base)/\(id)/file"] {
        let answers = [
          try await server.anonymous.get(path).status, try await viewer.get(path).status,
          try await boss.get(path).status,
        ]
        #expect(answers == [401, 403, 200], "\(path)")
      }
      let stopped = try await boss.post("\(scene.base)/\(id)/stop")
      #expect(try stopped.string("state") == "ended" && stopped.string("reason") == "stopped")
      #expect(try await viewer.send("DELETE", "\(scene.base)/\(id)").status == 403)
      #expect(try await boss.send("DELETE", "\(scene.base)/\(id)").status == 204)
    }
  }

  @Test("What was recorded in a banned room is not for its host to delete, nor to pass on by links, new or old")
  func banned() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      let boss = try await server.operator()
      let url = try await scene.host.post("\(scene.base)/\(id)/link").string("url")
      #expect(try await boss.send("PUT", "/api/v1/room-bans/\(scene.room)", "{}").status == 204)
      let ended = try await scene.host.get("\(scene.base)/\(id)")
      #expect(try ended.string("reason") == "room.ended")
      #expect(try await scene.host.send("DELETE", "\(scene.base)/\(id)").code == "room.banned")
      #expect(try await scene.host.get("\(scene.base)/\(id)/file").status == 200)
      for answer in [
        try await scene.host.post("\(scene.base)/\(id)/link"), try await scene.host.get(url),
        try await server.anonymous.get(url),
      ] {
        #expect(answer.status == 403 && answer.code == "room.banned")
      }
      let link = try await boss.post("\(scene.base)/\(id)/link")
      #expect(try await boss.get(try link.string("url")).status == 200)
      #expect(try await server.anonymous.get(try link.string("url")).code == "room.banned")
      #expect(try await boss.send("DELETE", "\(scene.base)/\(id)").status == 204)
      #expect(!scene.exists(scene.path(of: id)))
    }
  }

  @Test("A host keeps only so much in all his rooms together; what would be more ends")
  func quota() async throws {
    let limits = { (configuration: inout SignalingServerConfiguration) in
      (configuration.limits.recording.perHost, configuration.limits.recording.checkInterval) = (15, 0.05)
    }
    try await withServer(configure: limits) { server in
      let scene = try await RecordingScene(server)
      let first = try await scene.start()
      try await scene.stop(first)
      let second = try await scene.start()
      try await eventually { try await scene.host.get("\(scene.base)/\(second)").string("state") == "failed" }
      #expect(try await scene.host.get("\(scene.base)/\(second)").string("reason") == "recording.quota")
      let otherRoom = try await scene.host.openRoom("Other")
      let other = "/api/v1/rooms/\(otherRoom)/recordings"
      let refused = try await scene.host.post(other)
      #expect(refused.status == 409 && refused.code == "recording.quota")
      #expect(try await scene.host.send("DELETE", "\(scene.base)/\(first)").status == 204)
      #expect(try await scene.host.post(other).status == 201)
    }
  }

  @Test("A guest records in one of his rooms at a time, an account in three")
  func elsewhere() async throws {
    try await withServer { server in
      let cases = [(try await server.user("Ann"), 1), (try await server.account("bob-the-host"), 3)]
      for (host, limit) in cases {
        var running: [String] = []
        for number in 0...limit {
          let room = try await host.openRoom("Show \(number)")
          let base = "/api/v1/rooms/\(room)/recordings"
          let begun = try await host.post(base)
          if number < limit {
            #expect(begun.status == 201)
            let id = try begun.string("id")
            running.append("\(base)/\(id)")
            continue
          }
          #expect(begun.status == 409 && begun.code == "recording.running-elsewhere")
          let stopped = try await host.post("\(running[0])/stop")
          let next = try await host.post(base)
          #expect(stopped.status == 200 && next.status == 201)
        }
      }
    }
  }

  @Test("Where guests do not record, accounts do")
  func guests() async throws {
    try await withServer(configure: { $0.limits.recording.guests = false }) { server in
      let (guest, account) = (try await server.user("Ann"), try await server.account("bob-the-host"))
      let cases: [(Client, String?)] = [(guest, "recording.guests"), (account, nil)]
      for (host, code) in cases {
        let room = try await host.openRoom()
        let base = "/api/v1/rooms/\(room)/recordings"
        let answer = try await host.post(base)
        #expect(answer.status == (code == nil ? 201 : 403) && answer.code == code)
        let list = try await host.get(base)
        #expect(try list.json["allowed"] as? Bool == (code == nil))
      }
    }
  }

  @Test("Where nothing is recorded, that is said")
  func off() async throws {
    try await withServer(configure: { $0.limits.recording.perRoom = 0 }) { server in
      let scene = try await RecordingScene(server)
      let refused = try await scene.host.post(scene.base)
      #expect(refused.status == 403 && refused.code == "recording.off")
      #expect(try await scene.host.get(scene.base).json["allowed"] as? Bool == false)
    }
  }

  @Test("What cannot be named cannot be reached")
  func foreignNames() async throws {
    try await withServer { server in
      let (scene, other) = (try await RecordingScene(server), try await RecordingScene(server))
      let id = try await scene.start()
      try await scene.stop(id)
      for name in [id, "..%2F..%2Fmixd.sqlite", "%2E%2E", "x"] {
        let answer = try await other.host.get("\(other.base)/\(name)/file")
        #expect(answer.status == 404 && answer.code == "recording.unknown", "\(name)")
      }
    }
  }
}
