import Foundation
import MediaControl
import Testing

@testable import SignalingServer

/// What happens to recordings at the same time, and in which order it is told.
@Suite struct RecordingRaceTests {
  @Test("Of two who begin at once one begins")
  func twoStarts() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      async let first = scene.host.post(scene.base)
      async let second = scene.host.post(scene.base)
      let answers = [try await first, try await second]
      #expect(answers.map(\.status).sorted() == [201, 409])
      #expect(answers.compactMap(\.code) == ["recording.running"])
      #expect(server.media.commands.count { $0.name == "startRecording" } == 1)
    }
  }

  @Test("Of two rooms of a guest that begin at once one is recorded")
  func twoRooms() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let other = try await scene.host.openRoom("Other")
      async let first = scene.host.post(scene.base)
      async let second = scene.host.post("/api/v1/rooms/\(other)/recordings")
      let answers = [try await first, try await second]
      #expect(answers.map(\.status).sorted() == [201, 409])
      #expect(answers.compactMap(\.code) == ["recording.running-elsewhere"])
    }
  }

  @Test("A room that ends or is banned while its recording begins ends it soon", arguments: [false, true])
  func endWhileItBegins(isBan: Bool) async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let boss = try await server.operator()
      let gate = AsyncStream<Void>.makeStream()
      server.media.hold { command in
        if command.name == "startRecording" { for await _ in gate.stream {} }
      }
      let starting = Task { try await scene.host.post(scene.base) }
      try await eventually { server.media.commands.contains { $0.name == "startRecording" } }
      let ended: Answer
      if isBan {
        ended = try await boss.send("PUT", "/api/v1/room-bans/\(scene.room)", "{}")
      } else {
        ended = try await scene.host.send("DELETE", "/api/v1/rooms/\(scene.room)")
      }
      #expect(ended.status == 204)
      let file = try #require(try FileManager.default.contentsOfDirectory(atPath: scene.folder).first)
      let id = String(file.dropLast(".mp4".count))
      try scene.write(id)
      gate.continuation.finish()
      let begun = try await starting.value
      #expect(try begun.status == 201 && begun.string("id") == id)
      #expect(try begun.string("state") == "ended" && begun.string("reason") == "room.ended")
      let kept = try await scene.host.get("\(scene.base)/\(id)")
      #expect(try kept.string("state") == "ended")
      #expect(try await scene.host.get("\(scene.base)/\(id)/file").body == RecordingScene.film)
      let erased = try await scene.host.send("DELETE", "/api/v1/rooms/\(scene.room)/data")
      #expect(erased.status == (isBan ? 403 : 204))
    }
  }

  @Test("Who begins another one while the one before is completed waits for it")
  func startDuringTheEnd() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      let gate = AsyncStream<Void>.makeStream()
      server.media.hold { command in
        if command.name == "finishRecording" { for await _ in gate.stream {} }
      }
      let stopping = Task { try await scene.host.post("\(scene.base)/\(id)/stop") }
      try await eventually { server.media.commands.contains { $0.name == "finishRecording" } }
      let starting = Task { try await scene.host.post(scene.base) }
      try await Task.sleep(for: .milliseconds(200))
      gate.continuation.finish()
      let (stopped, started) = (try await stopping.value, try await starting.value)
      #expect(try stopped.status == 200 && stopped.string("state") == "ended")
      #expect(try started.status == 201 && started.string("id") != id)
    }
  }

  @Test("The host hears of the beginning, the end and the removal, in this order")
  func order() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let heard = try await scene.host.events(scene.room) { socket in
        _ = try await socket.next("snapshot")
        let id = try await scene.start()
        try await scene.stop(id)
        _ = try await scene.host.send("DELETE", "\(scene.base)/\(id)")
        var heard = [id]
        while heard.count < 4 {
          let message = try await socket.next()
          guard let type = message["type"] as? String, type.hasPrefix("recording.") else { continue }
          let recording = message["recording"] as? [String: Any]
          heard.append(recording?["state"] as? String ?? message["id"] as? String ?? "")
        }
        return heard
      }
      #expect(heard.dropFirst() == ["recording", "ended", heard[0]])
    }
  }
}
