import Foundation
import MediaControl
import Testing

@testable import SignalingServer

@Suite struct SceneRouteTests {
  @Test("The scene is what the worker says, and the host changes its layout")
  func scene() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let path = "/api/v1/rooms/\(room)/scene"
      #expect(try await server.anonymous.get(path).string("layout") == "pip")
      let layer = SceneDescription.Layer(userId: host.id, x: 0, y: 0, width: 640, height: 360, zIndex: 0)
      let scene = SceneDescription(layout: "pip", canvas: .init(width: 1280, height: 720), layers: [layer])
      server.media.emit(.sceneChanged(RoomID(rawValue: room), scene))
      try await eventually { try await server.anonymous.get(path).list("layers").first?["width"] as? Int == 640 }
      let set = try await host.send("PUT", path, #"{"layout":"grid","options":{"gap":8,"round":true,"fit":"cover"}}"#)
      #expect(try set.status == 200 && set.string("layout") == "grid")
      #expect(try await host.get("/api/v1/rooms/\(room)").string("layout") == "grid")
      guard case .setLayout(_, let request)? = server.media.commands.last else {
        Issue.record("no setLayout")
        return
      }
      #expect(request.options == ["gap": .number(8), "round": .flag(true), "fit": .text("cover")])
      server.media.refuse { _ in MediaError(code: "layout.unknown", message: "No.") }
      let refused = try await host.send("PUT", path, #"{"layout":"spiral"}"#)
      #expect(refused.status == 422 && refused.code == "layout.unknown")
    }
  }

  @Test("Outputs: checked, started, shown without their key, removed")
  func outputs() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let path = "/api/v1/rooms/\(room)/outputs"
      let made = try await host.post(path, #"{"url":"rtmp://u:pass@127.0.0.1:1936/live/SECRETKEY?sign=SIGNATURE"}"#)
      #expect(made.status == 201)
      #expect(try made.string("state") == "connecting" && made.string("url") == "rtmp://127.0.0.1:1936/live/***")
      let id = try made.string("id")
      let reason = "cannot reach rtmp://u:pass@127.0.0.1:1936/live/SECRETKEY?sign=SIGNATURE: SECRETKEY refused"
      server.media.emit(.outputState(RoomID(rawValue: room), OutputID(rawValue: id), .retrying, reason: reason))
      try await eventually { try await host.get(path).list("outputs").first?["state"] as? String == "retrying" }
      let shown = try await host.get(path).body
      for secret in ["SECRETKEY", "SIGNATURE", "pass"] { #expect(!shown.contains(secret)) }
      #expect(try await host.send("DELETE", "\(path)/\(id)").status == 204)
      #expect(server.media.commands.last?.name == "removeOutput")
      #expect(try await host.send("DELETE", "\(path)/\(id)").code == "output.unknown")
      for _ in 0..<8 { #expect(try await host.post(path, #"{"url":"srt://127.0.0.1:9000?streamid=x"}"#).status == 201) }
      #expect(try await host.post(path, #"{"url":"srt://127.0.0.1:9000"}"#).code == "output.limit")
    }
  }

  @Test(
    "URLs that are not a push address are refused",
    arguments: [
      "file:///etc/passwd", "concat:a|b", "http://x/y", "gopher://x:1/a", "rtmp://", "rtmp:///live", "rtmp://host",
      "rtmp://ho st/live/a", "rtmp://host/live/a\r\nX: y", "rtmp://host/live/安", "rtmp://host:0/live/a",
      "rtmp://host:70000/live/a", "srt://host", "live", "", "rtmp://host/" + String(repeating: "x", count: 3000),
    ])
  func badURLs(url: String) {
    #expect(throws: APIError.self) { try OutputURL(url) }
  }

  @Test("Private addresses in every disguise are refused on a public server")
  func privateOutputs() async throws {
    try await withServer(configure: { $0.privateOutputs = .never }) { server in
      let (host, room) = try await server.liveRoom()
      let hosts = [
        "127.0.0.1", "localhost", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254",
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
        "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "[ff02::1]", "255.255.255.255",
      ]
      for name in hosts {
        let answer = try await host.post("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://\#(name)/live/k"}"#)
        #expect(answer.status == 422 && answer.code != "output.url", "\(name) → \(answer.body)")
      }
      #expect(!server.media.commands.contains { $0.name == "addOutput" })
    }
  }

  @Test("An output of a room that nobody has sent to yet reaches the worker once")
  func outputBeforeMedia() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      #expect(try await host.post("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://127.0.0.1/live/k"}"#).status == 201)
      #expect(server.media.commands.map(\.name) == ["createRoom", "addOutput"])
    }
  }

  @Test("Only who is on this machine may push to it, where nothing else was said")
  func outputsFromThisMachine() async throws {
    try await withServer(configure: { $0.privateOutputs = .fromThisMachine }) { server in
      let (host, room) = try await server.liveRoom()
      let (path, body) = ("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://127.0.0.1:1/live/k"}"#)
      #expect(try await host.post(path, body).status == 201)
      for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
        let answer = try await host.send("POST", path, body, headers: [header: "203.0.113.7"])
        #expect(answer.status == 422 && answer.code == "output.private")
      }
    }
  }

  @Test("Public addresses are public", arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
  func publicAddresses(address: String) throws {
    let bytes = try #require(SystemLookup.addresses(of: address).first)
    #expect(PublicAddress.includes(bytes))
  }

  @Test("A name server that does not answer does not hold up the host")
  func silentNameServer() async throws {
    let nameServer = SilentNameServer()
    defer { nameServer.release() }
    let resolver = AddressResolver { _ in nameServer.answer([8, 8, 8, 8]) }
    let url = try OutputURL("rtmp://slow.example/live/key")
    // Had it been waited for, the address would have been good.
    await #expect(throws: APIError.outputUnresolved) {
      try await AddressPolicy.requirePublic(url, by: resolver, within: 0.2)
    }
  }

  @Test("The worker is told whether an output may be private, after a restart as the configuration then says")
  func reach() async throws {
    let directory = NSTemporaryDirectory() + "mixd-reach-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let kept = Kept()
    try await withServer(directory: directory, configure: { $0.privateOutputs = .fromThisMachine }) { server in
      let (host, room) = try await server.liveRoom()
      #expect(
        try await host.post("/api/v1/rooms/\(room)/outputs", #"{"url":"rtmp://127.0.0.1:1/live/k"}"#).status == 201)
      #expect(server.media.reaches == [true])
      await kept.keep(host, room)
    }
    for (setting, expected) in [(SignalingServerConfiguration.PrivateOutputs.fromThisMachine, true), (.never, false)] {
      try await withServer(directory: directory, configure: { $0.privateOutputs = setting }) { server in
        let (old, room) = await kept.all
        let answer = try await Client(port: server.port, token: old.token, id: old.id).whip(room)
        #expect(answer.status == 201)
        #expect(server.media.reaches == [expected])
      }
    }
  }

  private actor Kept {
    var all = (Client(port: 0), "")
    func keep(_ host: Client, _ room: String) { all = (host, room) }
  }

  @Test("Whoever asks for statistics while an answer is on its way, or a moment after, gets that one")
  func sharedStatistics() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let path = "/api/v1/rooms/\(room)/stats"
      let gate = AsyncStream<Void>.makeStream()
      server.media.hold { command in
        if command.name == "roomStats" { for await _ in gate.stream {} }
      }
      let frames = try await withThrowingTaskGroup(of: Int?.self) { group in
        for _ in 0..<10 {
          group.addTask { try await server.anonymous.get(path).json["framesComposed"] as? Int }
        }
        // All have asked by then.
        try await Task.sleep(for: .seconds(2))
        gate.continuation.finish()
        var all: [Int?] = []
        for try await frames in group { all.append(frames) }
        return all
      }
      #expect(frames == Array(repeating: 7, count: 10))
      #expect(server.media.commands.count { $0.name == "roomStats" } == 1)
      try await Task.sleep(for: .milliseconds(300))
      #expect(try await host.get(path).list("outputs").count == 1)
      #expect(server.media.commands.count { $0.name == "roomStats" } == 2)
    }
  }

  @Test("Statistics that the worker refuses are asked for again")
  func refusedStatistics() async throws {
    try await withServer { server in
      let (_, room) = try await server.liveRoom()
      let path = "/api/v1/rooms/\(room)/stats"
      server.media.refuse { command in
        command.name == "roomStats" ? MediaError(code: "media.busy", message: "Not now.") : nil
      }
      #expect(try await server.anonymous.get(path).code == "media.busy")
      server.media.refuse { _ in nil }
      #expect(try await server.anonymous.get(path).json["framesComposed"] as? Int == 7)
    }
  }

  @Test("Statistics for all, the trace for the host")
  func statistics() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let base = "/api/v1/rooms/\(room)"
      #expect(try await server.anonymous.get("\(base)/stats").json["framesComposed"] as? Int == 0)
      #expect(try await host.whip(room).status == 201)
      #expect(try await server.anonymous.get("\(base)/stats").json["framesComposed"] as? Int == 7)
      let viewer = try await server.user("Eve")
      for client in [server.anonymous, viewer, try await server.operator()] {
        #expect(try await client.get("\(base)/stats").list("outputs").isEmpty)
      }
      #expect(try await host.get("\(base)/stats").list("outputs").map { $0["id"] as? String } == ["o_1"])
      #expect(try await host.get("\(base)/trace?seconds=3").json["seconds"] as? Int == 3)
      #expect(try await host.get("\(base)/trace").json["seconds"] as? Int == 10)
      for seconds in ["0", "61", "x"] { #expect(try await host.get("\(base)/trace?seconds=\(seconds)").status == 400) }
    }
  }
}
