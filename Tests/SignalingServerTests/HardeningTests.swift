import Foundation
import NIOCore
import Synchronization
import Testing

@testable import SignalingServer

extension WebSocketClient {
  /// Brings the token with the first message.
  fileprivate func signIn(_ client: Client) async throws {
    try await send(#"{"type":"auth","ref":1,"token":"\#(client.token ?? "")"}"#)
  }
}

@Suite struct HardeningTests {
  @Test("Unknown paths and wrong methods have codes too")
  func routing() async throws {
    try await withServer { server in
      let missing = try await server.anonymous.get("/nothing/here")
      #expect(missing.status == 404 && missing.code == "http.not-found")
      let wrong = try await server.anonymous.send("PUT", "/api/v1/rooms", "{}")
      #expect(wrong.status == 405 && wrong.code == "http.method" && wrong.headers["allow"] == "GET, HEAD, POST")
      let head = try await server.anonymous.send("HEAD", "/healthz")
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(try await server.anonymous.get("/healthz").headers["x-content-type-options"] == "nosniff")
    }
  }

  @Test(
    "What is not HTTP is answered with 400 and an end",
    arguments: [
      "GARBAGE\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nBad Header\r\n\r\n",
      "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
      "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
      "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ])
  func malformed(raw: String) async throws {
    try await withServer { server in
      let text = try await RawConnection.exchange(port: server.port, raw)
      #expect(text.hasPrefix("HTTP/1.1 400"), "\(raw.debugDescription) → \(text.prefix(60))")
      #expect(text.contains("\"code\":\"http.bad-request\""))
      #expect(try await server.anonymous.get("/healthz").status == 200)
    }
  }

  @Test("A megabyte of headers is cut off")
  func headers() async throws {
    try await withServer { server in
      let raw = "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 1_000_000))\r\n\r\n"
      let text = try await RawConnection.exchange(port: server.port, raw)
      #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 431"))
      #expect(try await server.anonymous.get("/healthz").status == 200)
    }
  }

  @Test("Slow heads and slow bodies end at their deadline, and idle connections after a while")
  func slowRequests() async throws {
    try await withServer(configure: {
      $0.limits.headDeadline = 2
      $0.limits.bodyDeadline = 2
      $0.limits.keepAlive = 2
    }) { server in
      let body = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"
      for raw in ["GET /healthz HTT", body] {
        let text = try await RawConnection.exchange(port: server.port, raw)
        #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 408"), "\(text)")
      }
      #expect(try await RawConnection.exchange(port: server.port, "").isEmpty == false)
      let whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      let second = try await RawConnection.exchange(port: server.port, whole, later: "GET /he")
      #expect(second.hasPrefix("HTTP/1.1 200") && second.contains("408"))
      let idle = try await RawConnection.exchange(port: server.port, whole)
      #expect(idle.hasPrefix("HTTP/1.1 200") && !idle.contains("408"))
    }
  }

  @Test("Several requests on one connection are answered in order")
  func pipelining() async throws {
    try await withServer { server in
      let one = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      let last = "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let text = try await RawConnection.exchange(port: server.port, one + one + last)
      #expect(text.components(separatedBy: "HTTP/1.1 200").count == 3 && text.contains("HTTP/1.1 404"))
    }
  }

  @Test("Pages are served from memory, and no path reaches a file beside them")
  func pages() async throws {
    try await withServer { server in
      for path in ["/", "/studio", "/studio/r_x", "/watch/r_x", "/assets/style.css"] {
        let page = try await server.anonymous.get(path)
        #expect(page.status == 200 && page.headers["content-security-policy"] != nil, "\(path)")
        let again = try await server.anonymous.send(
          "GET", path, headers: ["If-None-Match": try #require(page.headers["etag"])])
        #expect(again.status == 304 && again.body.isEmpty)
      }
      let traversals = [
        "/assets/../../../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd",
        "/assets/..%c0%af..%c0%afetc/passwd", "/assets/%00", "/assets//etc/passwd", "/assets/....//style.css",
        "/assets/..\\..\\etc", "/watch/../../etc/passwd", "/../etc/passwd", "/assets/../index.html", "/assets/",
        "/assets",
      ]
      for path in traversals {
        let answer = try await server.anonymous.get(path)
        #expect([400, 404].contains(answer.status), "\(path) → \(answer.status)")
        #expect(!answer.body.contains("root:"))
      }
    }
  }

  @Test("Health, readiness and metrics")
  func operating() async throws {
    try await withServer { server in
      #expect(try await server.anonymous.get("/healthz").string("status") == "ok")
      #expect(try await server.anonymous.get("/readyz").status == 200)
      let (host, room) = try await server.liveRoom()
      let metrics = try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        return try await server.anonymous.get("/metrics")
      }
      let lines = metrics.body.split(separator: "\n")
      for line in [
        "mixd_ticks_total 5", "mixd_rooms{status=\"live\"} 1", "mixd_event_sockets 1",
        "mixd_stage_seconds_bucket{stage=\"compose\",le=\"0.01\"} 3",
        "mixd_stage_seconds_bucket{stage=\"compose\",le=\"+Inf\"} 4", "mixd_stage_seconds_sum{stage=\"compose\"} 0.05",
        "# TYPE mixd_stage_seconds histogram",
      ] {
        #expect(lines.contains(Substring(line)), "\(line)")
      }
      #expect(lines.allSatisfy { $0.hasPrefix("mixd_") || $0.hasPrefix("# ") })
      #expect(!metrics.body.contains(try #require(host.token)))
      server.media.finish()
      try await eventually { try await server.anonymous.get("/readyz").status == 503 }
    }
  }

  @Test(
    "Bad frames end with the code of the protocol",
    arguments: [
      ("unmasked", 1002), ("reserved bit", 1002), ("binary", 1003), ("not UTF-8", 1007), ("too long", 1009),
      ("endless fragments", 1009), ("closing", 1000), ("rest of nothing", 1002), ("new within fragments", 1002),
    ])
  func badFrames(kind: String, code: Int) async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let closed = try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        do {
          switch kind {
          case "unmasked": try await socket.send(opcode: 1, [123, 125], masked: false)
          case "reserved bit": try await socket.send(opcode: 1, [123, 125], first: 0xC1)
          case "binary": try await socket.send(opcode: 2, [1])
          case "not UTF-8": try await socket.send(opcode: 1, [0xC0, 0xAF])
          case "too long": try await socket.send(opcode: 1, [UInt8](repeating: 32, count: 70_000))
          case "endless fragments":
            try await socket.send(opcode: 1, [32], first: 0x01)
            for _ in 0..<100 { try await socket.send(opcode: 0, [32], first: 0x00) }
          case "rest of nothing": try await socket.send(opcode: 0, [32])
          case "new within fragments":
            try await socket.send(opcode: 1, [32], first: 0x01)
            try await socket.send(opcode: 1, [123, 125])
          default: try await socket.send(opcode: 8, [0x03, 0xE8])
          }
        } catch is IOError {
          // The server may have hung up before everything was sent.
        }
        return try await socket.closeCode()
      }
      #expect(closed == code || (code == 1009 && closed == 0))
      #expect(try await server.anonymous.get("/healthz").status == 200)
    }
  }

  @Test("A message in fragments, with a ping between them, is one message")
  func fragments() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let message = Array(#"{"type":"chat","ref":7,"text":"in parts"}"#.utf8)
      let reference = try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(opcode: 1, Array(message[..<9]), first: 0x01)
        try await socket.send(opcode: 9, [1])
        try await socket.send(opcode: 0, Array(message[9..<20]), first: 0x00)
        try await socket.send(opcode: 0, Array(message[20...]), first: 0x80)
        return try await socket.next("ack")["ref"] as? Int
      }
      #expect(reference == 7)
    }
  }

  @Test(
    "Paths are exactly those of the document",
    arguments: ["/metrics/", "//metrics", "/api//v1/rooms", "/api/v1/rooms/", "/readyz/", "/%6detrics", "/./metrics"])
  func paths(path: String) async throws {
    try await withServer { server in
      let answer = try await server.anonymous.get(path)
      #expect(answer.status == 404)
    }
  }

  @Test("Pings are answered and sent; silence ends the socket")
  func pings() async throws {
    try await withServer(configure: {
      $0.limits.pingInterval = 0.5
      $0.limits.socketSilence = 2
    }) { server in
      let (host, room) = try await server.liveRoom()
      let opcodes = try await host.events(room) { socket in
        try await socket.send(opcode: 9, [1, 2, 3])
        var opcodes: [UInt8] = []
        while let frame = try? await socket.frames.next() { opcodes.append(frame.opcode) }
        return opcodes
      }
      #expect(opcodes.contains(9) && opcodes.contains(10))
    }
  }

  @Test("A reader who does not read is cut off, and the others are not kept waiting")
  func slowReader() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let slow = try await server.user("Slow")
      try await host.events(room) { fast in
        try await slow.events(room) { _ in
          let flood = SceneFlood(room: room)
          for round in 0..<400 {
            flood.send(round, to: server.media)
            _ = try await fast.next("scene.changed")
          }
          try await eventually {
            try await server.anonymous.get("/metrics").body.contains("mixd_event_sockets_slow_total 1")
          }
        }
      }
    }
  }

  @Test("One address has a limited number of sockets")
  func socketLimit() async throws {
    try await withServer(configure: { $0.limits.socketsPerAddress = 1 }) { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        await #expect(throws: RefusedUpgrade.self) {
          try await host.events(room, headers: "Connection: close\r\n") { _ in }
        }
      }
      try await eventually {
        (try? await host.events(room) { _ = try await $0.next("snapshot") }) != nil
      }
    }
  }

  @Test("Sockets of one site count together, whatever the rest of its IPv6 addresses, those of IPv4 addresses do not")
  func socketSites() async throws {
    try await withServer(configure: {
      $0.limits.socketsPerAddress = 1
      $0.trustsProxy = true
    }) { server in
      let (host, room) = try await server.liveRoom()
      try await host.events(room, headers: "X-Forwarded-For: 2001:db8::1\r\n") { socket in
        _ = try await socket.next("snapshot")
        await #expect(throws: RefusedUpgrade.self) {
          try await host.events(room, headers: "Connection: close\r\nX-Forwarded-For: 2001:db8::2\r\n") { _ in }
        }
        for other in ["2001:db8:0:1::1", "203.0.113.7", "::ffff:203.0.113.8"] {
          try await host.events(room, headers: "X-Forwarded-For: \(other)\r\n") { _ = try await $0.next("snapshot") }
        }
      }
    }
  }

  @Test("One user has a limited number of sockets in all rooms, from wherever and however he opens them")
  func userSockets() async throws {
    try await withServer(configure: {
      $0.limits.socketsPerUser = 1
      $0.trustsProxy = true
    }) { server in
      let (host, room) = try await server.liveRoom()
      let (bob, other) = (try await server.user("Bob"), try await host.openRoom("Other"))
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        let refused = try await host.refusedEvents(other, headers: "X-Forwarded-For: 203.0.113.7\r\n")
        #expect(refused.status == 503 && refused.code == "room.viewers-full" && refused.headers["retry-after"] != nil)
        let code = try await host.events(other, query: "") { late in
          try await late.signIn(host)
          let error = try await late.next("error")
          #expect(error["ref"] as? Int == 1)
          #expect((error["error"] as? [String: Any])?["code"] as? String == "room.viewers-full")
          return try await late.closeCode()
        }
        #expect(code == 1008)
        try await bob.events(room) { _ = try await $0.next("snapshot") }
      }
      try await eventually {
        (try? await host.events(room) { _ = try await $0.next("snapshot") }) != nil
      }
    }
  }

  @Test("Who cannot read why his handshake is refused learns it by a request, and when there is a place again")
  func readableRefusal() async throws {
    let limits: [WritableKeyPath<ServerLimits, Int>] = [\.socketsPerUser, \.socketsPerAddress, \.socketsPerRoom]
    for limit in limits {
      try await withServer(configure: { $0.limits[keyPath: limit] = 1 }) { server in
        let (host, room) = try await server.liveRoom()
        let path = "\(base(room))/events"
        try await host.events(room) { socket in
          _ = try await socket.next("snapshot")
          let refused = try await host.get(path)
          #expect(refused.status == 503 && refused.code == "room.viewers-full")
          #expect(refused.headers["retry-after"] != nil)
        }
        try await eventually { try await host.get(path).code == "http.upgrade-required" }
      }
    }
  }

  @Test("A socket whose token comes with the first message takes a place of its user, and gives it back")
  func lateUserSockets() async throws {
    try await withServer(configure: { $0.limits.socketsPerUser = 1 }) { server in
      let (_, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room, query: "") { late in
        try await late.signIn(bob)
        _ = try await late.next("snapshot")
        #expect(try await bob.refusedEvents(room).code == "room.viewers-full")
      }
      try await eventually {
        (try? await bob.events(room) { _ = try await $0.next("snapshot") }) != nil
      }
    }
  }

  @Test("A socket that is refused because of its room or its token takes no place of its address")
  func refusedSockets() async throws {
    try await withServer(configure: { $0.limits.socketsPerAddress = 1 }) { server in
      let (host, room) = try await server.liveRoom()
      let stranger = Client(port: server.port, token: "nonsense", id: host.id)
      for (client, id) in [(host, "r_none"), (stranger, room)] {
        await #expect(throws: RefusedUpgrade.self) {
          try await client.events(id, headers: "Connection: close\r\n") { _ in }
        }
      }
      try await host.events(room) { _ = try await $0.next("snapshot") }
    }
  }

  @Test("A server that stops says goodbye to its sockets")
  func goodbye() async throws {
    let (codes, sink) = AsyncStream<Int>.makeStream()
    let (ready, isReady) = AsyncStream<Void>.makeStream()
    let listener = Mutex<Task<Void, any Error>?>(nil)
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let task = Task {
        let code = try await host.events(room) { socket in
          _ = try await socket.next("snapshot")
          isReady.yield()
          return try await socket.closeCode()
        }
        sink.yield(code)
      }
      listener.withLock { $0 = task }
      _ = await ready.first { true }
    }
    try await listener.withLock { $0 }?.value
    #expect(await codes.first { _ in true } == 1001)
  }

  @Test("A server that stops does not wait for requests that are not complete")
  func halfRequest() async throws {
    let start = Mutex(ContinuousClock.now)
    let waiting = Mutex<Task<Void, any Error>?>(nil)
    try await withServer { server in
      let connection = try await RawConnection.open(port: server.port)
      let task = Task {
        try await connection.channel.executeThenClose { inbound, outbound in
          try await outbound.write(ByteBuffer(string: "GET /healthz HTTP/1.1\r\nHost:"))
          for try await _ in inbound {}
        }
      }
      waiting.withLock { $0 = task }
      try await Task.sleep(for: .milliseconds(300))
      start.withLock { $0 = .now }
    }
    // A head may take ten seconds.
    #expect(ContinuousClock.now - start.withLock { $0 } < .seconds(5))
    // Ended in order or reset, as the server likes.
    _ = try? await waiting.withLock { $0 }?.value
  }

  @Test("A WebSocket that is asked for on a connection in use is told to take another one")
  func lateUpgrade() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let upgrade = """
        GET /api/v1/rooms/\(room)/events?token=\(host.token ?? "") HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
        """
      let text = try await RawConnection.exchange(
        port: server.port, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", later: upgrade)
      #expect(text.contains("426 Upgrade Required") && text.contains("http.upgrade-required"))
    }
  }
}
