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
