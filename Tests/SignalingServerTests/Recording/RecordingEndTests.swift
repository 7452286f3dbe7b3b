import Foundation
import MediaControl
import Synchronization
import Testing

@testable import SignalingServer

/// How recordings come to an end, and what is left of them.
@Suite struct RecordingEndTests {
  @Test("The end of the room ends the recording, which can be had until the room is removed")
  func endOfRoom() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      #expect(try await scene.host.send("DELETE", "/api/v1/rooms/\(scene.room)").status == 204)
      let shown = try await scene.host.get("\(scene.base)/\(id)")
      #expect(try shown.string("state") == "ended" && shown.string("reason") == "room.ended")
      #expect(try await scene.host.get("\(scene.base)/\(id)/file").body == RecordingScene.film)
      #expect(try await scene.host.post(scene.base).code == "room.ended")
      #expect(try await scene.host.send("DELETE", "/api/v1/rooms/\(scene.room)/data").status == 204)
      #expect(!scene.exists(scene.folder))
      #expect(try await scene.host.get(scene.base).code == "room.unknown")
    }
  }

  @Test(
    "A file that can be written no longer fails the recording alone",
    arguments: [
      ("output.disk-full: The disk is full.", "recording.no-space"),
      ("output.io: Writing failed.", "recording.not-writable"),
      ("output.timed-out: The disk does not answer.", "recording.not-writable"),
      ("the encoder could not be opened", "recording.interrupted"),
    ])
  func failure(reason: String, code: String) async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      scene.fails(id, reason)
      try await eventually { try await scene.host.get("\(scene.base)/\(id)").string("state") == "failed" }
      let failed = try await scene.host.get("\(scene.base)/\(id)")
      #expect(try failed.string("reason") == code)
      #expect(try failed.json["bytes"] as? Int == 10)
      #expect(try await scene.host.post(scene.base).status == 201)
    }
  }

  @Test(
    "What is lost at the very end is told, whoever ends it",
    arguments: [
      ("output.disk-full", "recording.no-space"), ("output.incomplete", "recording.incomplete"),
      ("output.timed-out", "recording.not-writable"), ("media.room-unknown", "recording.interrupted"),
    ])
  func lossAtTheEnd(code: String, reason: String) async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      server.media.refuse { command in
        command.name == "finishRecording" ? MediaError(code: code, message: "Something is missing.") : nil
      }
      let id = try await scene.start()
      let stopped = try await scene.host.post("\(scene.base)/\(id)/stop")
      #expect(try stopped.string("state") == "failed" && stopped.string("reason") == reason)
      #expect(try await scene.host.get("\(scene.base)/\(id)/file").body == RecordingScene.film)
      let next = try await scene.start()
      #expect(try await scene.host.send("DELETE", "/api/v1/rooms/\(scene.room)").status == 204)
      #expect(try await scene.host.get("\(scene.base)/\(next)").string("reason") == reason)
    }
  }

  @Test("One that is over before anything was written has failed, counts for nothing and gives way to the next")
  func empty() async throws {
    try await withServer(configure: { $0.limits.recording.perRoom = 2 }) { server in
      let scene = try await RecordingScene(server)
      let kept = try await scene.start()
      try await scene.stop(kept)
      var empty = ""
      for hasHeader in [false, true, false] {
        empty = try await scene.start(isEmpty: true)
        if hasHeader { try scene.writeHeader(empty) }
        let stopped = try await scene.host.post("\(scene.base)/\(empty)/stop")
        #expect(try stopped.string("state") == "failed" && stopped.string("reason") == "recording.empty")
        #expect(!scene.exists(scene.path(of: empty)))
      }
      let listed = try await scene.host.get(scene.base).list("recordings").compactMap { $0["id"] as? String }
      #expect(listed == [empty, kept])
    }
  }

  @Test("The end of a recording does not wait for a store that is out of order, and is stored when it is back")
  func brokenStore() async throws {
    try await RoomBench.run({ $0.recording.minimumFree = 0 }) { bench in
      let name = try await bench.create("Show")
      let room = try await bench.registry.room(name)
      let id = try await room.startRecording(by: bench.ann).id
      bench.faults.fail(true)
      let ended = await room.endRecording(.roomEnded)
      #expect(ended?.state == .failed)
      let known = try await bench.store.recording(id, room: name)
      #expect(known?.state == .recording)
      let isHeld = await room.recording != nil
      #expect(isHeld)
      bench.faults.fail(false)
      try await eventually { await room.recording == nil }
      let stored = try await bench.store.recording(id, room: name)
      #expect(stored?.reason == "recording.empty")
      let next = try await room.startRecording(by: bench.ann)
      #expect(next.state == .recording)
    }
  }

  @Test("What the worker refuses leaves nothing behind")
  func refusal() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      server.media.refuse { command in
        command.name == "startRecording" ? MediaError(code: "media.busy", message: "Not now.") : nil
      }
      #expect(try await scene.host.post(scene.base).code == "media.busy")
      #expect(try await scene.host.get(scene.base).list("recordings").isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scene.folder).isEmpty)
      server.media.refuse { _ in nil }
      #expect(try await scene.host.post(scene.base).status == 201)
    }
  }

  @Test("A recording takes no longer than it may")
  func longest() async throws {
    let limits = { (configuration: inout SignalingServerConfiguration) in
      (configuration.limits.recording.longest, configuration.limits.recording.checkInterval) = (1, 0.05)
    }
    try await withServer(configure: limits) { server in
      let scene = try await RecordingScene(server)
      let id = try await scene.start()
      try await eventually { try await scene.host.get("\(scene.base)/\(id)").string("state") == "ended" }
      #expect(try await scene.host.get("\(scene.base)/\(id)").string("reason") == "recording.too-long")
    }
  }

  @Test("Without space nothing is begun")
  func space() async throws {
    try await withServer(configure: { $0.limits.recording.minimumFree = .max }) { server in
      let scene = try await RecordingScene(server)
      let refused = try await scene.host.post(scene.base)
      #expect(refused.status == 507 && refused.code == "recording.no-space")
      #expect(!scene.exists(scene.folder))
    }
  }

  @Test("One that runs ends before the disk is full")
  func spaceRunsOut() async throws {
    try await RoomBench.run({ $0.recording.checkInterval = 0.05 }) { bench in
      let free = Mutex(Int64.max)
      var environment = await bench.registry.environment
      environment.recordings.freeSpace = { _ in free.withLock { $0 } }
      let name = try await bench.create("Show")
      let registry = RoomRegistry(environment: environment, layouts: ["pip"])
      let room = try await registry.room(name)
      let id = try await room.startRecording(by: bench.ann).id
      let film = Data(RecordingScene.film.utf8)
      let path = environment.recordings.path(of: StoredRecording(id: id, room: name, startedAt: 0))
      try film.write(to: URL(fileURLWithPath: path))
      free.withLock { $0 = 1000 }
      try await eventually { try await bench.store.recording(id, room: name)?.state == .failed }
      let ended = try await bench.store.recording(id, room: name)
      #expect(ended?.reason == "recording.no-space" && ended?.bytes == 10)
    }
  }

  private actor Kept {
    private(set) var recordings: [(host: Client, path: String)] = []
    func keep(_ host: Client, _ path: String) { recordings.append((host, path)) }
  }

  @Test("What was being recorded when the server stopped is over when it is back: what is there, and what is lost")
  func restart() async throws {
    let directory = NSTemporaryDirectory() + "mixd-recordings-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let kept = Kept()
    try await withServer(directory: directory) { server in
      for content in ["film", "nothing", "header", "no file"] {
        let scene = try await RecordingScene(server)
        let id = try await scene.start(isEmpty: content != "film")
        if content == "header" { try scene.writeHeader(id) }
        if content == "no file" { try FileManager.default.removeItem(atPath: scene.path(of: id)) }
        await kept.keep(scene.host, "\(scene.base)/\(id)")
      }
    }
    try await withServer(directory: directory) { server in
      var found: [[String]] = []
      for (host, path) in await kept.recordings {
        let answer = try await Client(port: server.port, token: host.token, id: host.id).get(path)
        let bytes = try answer.json["bytes"] as? Int
        found.append([try answer.string("state"), try answer.string("reason"), String(bytes ?? -1)])
      }
      let empty = ["failed", "recording.empty", "0"]
      #expect(found == [["ended", "restart", "10"], empty, empty, ["failed", "recording.lost", "0"]])
    }
  }

  @Test("Files go with a room that was kept long enough")
  func retention() async throws {
    let limits = { (configuration: inout SignalingServerConfiguration) in
      (configuration.limits.retention, configuration.limits.sweepInterval) = (0.3, 0.05)
    }
    try await withServer(configure: limits) { server in
      let (over, open) = (try await RecordingScene(server), try await RecordingScene(server))
      for scene in [over, open] { _ = try await scene.start() }
      #expect(try await over.host.send("DELETE", "/api/v1/rooms/\(over.room)").status == 204)
      try await eventually { !over.exists(over.folder) }
      #expect(open.exists(open.folder))
    }
  }

  @Test("Who is banned from the platform is recorded no longer, and others go on")
  func bannedHost() async throws {
    try await withServer { server in
      let (scene, other) = (try await RecordingScene(server), try await RecordingScene(server))
      let (id, running) = (try await scene.start(), try await other.start())
      let boss = try await server.operator()
      #expect(try await boss.send("PUT", "/api/v1/bans/\(scene.host.id)").status == 200)
      let ended = try await boss.get("\(scene.base)/\(id)")
      #expect(try ended.string("state") == "ended" && ended.string("reason") == "stopped")
      #expect(try await boss.get("\(other.base)/\(running)").string("state") == "recording")
    }
  }

  @Test("Webhooks are told of the beginning, the end and the removal")
  func webhooks() async throws {
    try await WebhookReceiver.run { receiver in
      try await withServer(configure: { $0.privateWebhooks = true }) { server in
        let wish = #"{"url":"\#(receiver.url)","events":["record.*"]}"#
        let webhook = try await server.backend().post("/api/v1/webhooks", wish)
        #expect(webhook.status == 201)
        let scene = try await RecordingScene(server)
        let id = try await scene.start()
        try await scene.stop(id)
        #expect(try await scene.host.send("DELETE", "\(scene.base)/\(id)").status == 204)
        let next = try await scene.start()
        scene.fails(next, "output.io: Writing failed.")
        let types = ["record.started", "record.ended", "record.deleted", "record.started", "record.failed"]
        try await eventually { receiver.received.count == types.count }
        #expect(receiver.received.map(\.type) == types)
        let named = receiver.received.map { event in
          ((event.object["data"] as? [String: Any])?["recording"] as? [String: Any])?["id"] as? String
        }
        #expect(named == [id, id, id, next, next])
      }
    }
  }
}
