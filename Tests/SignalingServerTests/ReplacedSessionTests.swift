import MediaControl
import Testing

@testable import SignalingServer

/// One user who publishes from two pages.
@Suite struct ReplacedSessionTests {
  private static let fragment = "application/trickle-ice-sdpfrag"

  @Test(
    "Who publishes anew hears which of his publications has given way, and it says so itself",
    arguments: [false, true])
  func replaced(workerSpeaksFirst: Bool) async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let old = try #require(try await host.whip(room).headers["location"])
      let new = try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        if workerSpeaksFirst { Self.end(old, of: room, with: server.media) }
        let new = try #require(try await host.whip(room).headers["location"])
        let told = try await socket.next("session.replaced")["id"] as? String
        #expect(told == old.split(separator: "/").last.map(String.init))
        return new
      }
      for method in ["PATCH", "DELETE"] {
        let answer = try await host.send(method, old, "a=ice-ufrag:x", type: Self.fragment)
        #expect(answer.status == 410 && answer.code == "session.replaced")
      }
      let eve = try await server.user("Eve")
      #expect(try await eve.send("DELETE", old).code == "session.unknown")
      #expect(try await host.send("DELETE", new).status == 204)
      #expect(try await host.send("DELETE", new).code == "session.unknown")
    }
  }

  /// The worker says that the publication has ended before it answers who publishes next.
  private static func end(_ location: String, of room: String, with media: RecordingMedia) {
    let id = SessionID(rawValue: location.split(separator: "/").last.map(String.init) ?? "")
    media.hold { [weak media] command in
      guard command.name == "openPublisher" else { return }
      media?.emit(.sessionState(id, RoomID(rawValue: room), .closed))
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  @Test("A page that goes on takes over from itself alone, and publishes where nobody else of its user does any more")
  func renewal() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      for _ in 0..<2 { #expect(try await host.whip(room, query: "page=a&renewal=true").status == 201) }
      for other in ["page=b", "page=b&renewal=false", ""] {
        let taken = try await host.whip(room, query: other)
        #expect(taken.status == 201)
        for _ in 0..<2 {
          let refused = try await host.whip(room, query: "page=a&renewal=true")
          #expect(refused.status == 410 && refused.code == "session.replaced", "\(other)")
        }
        #expect(try await host.send("DELETE", try #require(taken.headers["location"])).status == 204)
        #expect(try await host.whip(room, query: "page=a&renewal=true").status == 201)
      }
      #expect(try await host.get("/api/v1/rooms/\(room)/participants").list("participants").count == 1)
    }
  }

  @Test("A page that goes on finds the place taken as soon as another one asks for it, and that one goes on too")
  func renewalMeanwhile() async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      #expect(try await host.whip(room, query: "page=a").status == 201)
      server.media.hold { command in
        if command.name == "openPublisher" { try? await Task.sleep(for: .seconds(1)) }
      }
      async let taking = host.whip(room, query: "page=b")
      try await eventually { server.media.commands.count { $0.name == "openPublisher" } == 2 }
      #expect(try await host.whip(room, query: "page=a&renewal=true").code == "session.replaced")
      let status = try await taking.status
      #expect(status == 201)
      server.media.hold { _ in }
      #expect(try await host.whip(room, query: "page=b&renewal=true").status == 201)
      #expect(try await host.whip(room, query: "page=a").status == 201)
    }
  }

  @Test(
    "A page has a plain name, and none goes on without one",
    arguments: [
      "page=", "page=a%20b", "page=%C3%A4", "page=a.b", "page=\(String(repeating: "x", count: 65))", "renewal=true",
      "renewal=false", "page=a&renewal=", "page=a&renewal=yes",
    ])
  func badPages(query: String) async throws {
    try await withServer { server in
      let host = try await server.user("Ann")
      let room = try await host.openRoom()
      let refused = try await host.whip(room, query: query)
      #expect(refused.status == 400 && refused.code == "http.bad-request")
      #expect(!server.media.commands.contains { $0.name == "openPublisher" })
      #expect(try await host.whip(room, query: "page=A-z_0\(String(repeating: "9", count: 59))").status == 201)
    }
  }

  @Test("A room remembers so many of them and no more")
  func bounded() {
    var sessions = ReplacedSessions()
    let all = (0...ReplacedSessions.limit).map { number in
      MediaSession(id: SessionID(rawValue: "\(number)"), kind: .viewer, caller: nil, address: "")
    }
    for session in all { sessions.note(session) }
    #expect(!sessions.contains(all[0].id, .whep, of: nil))
    let areKept = all.dropFirst().allSatisfy { sessions.contains($0.id, .whep, of: nil) }
    #expect(areKept)
  }
}
