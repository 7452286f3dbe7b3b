import Foundation
import Testing

@testable import SignalingServer

@Suite struct SessionLifeTests {
  @Test("A refresh token is good for one exchange; used again it ends the session for everybody who has it")
  func rotation() async throws {
    try await withServer(configure: { $0.limits.refreshRepeat = 0 }) { server in
      let first = try await server.anonymous.post("/api/v1/sessions", #"{"name":"Ann"}"#)
      let second = try await refresh(server, first.string("refreshToken"))
      #expect(second.status == 200)
      #expect(try second.string("userId") == first.string("userId"))
      #expect(try second.string("refreshToken") != first.string("refreshToken"))
      let ann = Client(port: server.port, token: try second.string("token"))
      #expect(try await ann.get("/api/v1/users/me").status == 200)
      let thief = try await refresh(server, first.string("refreshToken"))
      #expect(thief.status == 401 && thief.code == "auth.refresh")
      #expect(try await ann.get("/api/v1/users/me").code == "auth.invalid")
      #expect(try await refresh(server, second.string("refreshToken")).code == "auth.refresh")
      for text in ["", "rt_", "rt_x.y", "nonsense", try first.string("token"), String(repeating: "x", count: 5000)] {
        #expect(try await refresh(server, text).code == "auth.refresh", "\(text.prefix(20))")
      }
    }
  }

  @Test("An exchange whose answer was lost is made again, and nothing of the session ends by it")
  func lostAnswer() async throws {
    try await withServer { server in
      let first = try await server.anonymous.post("/api/v1/sessions", #"{"name":"Ann"}"#)
      let lost = try await refresh(server, first.string("refreshToken"))
      let second = try await refresh(server, first.string("refreshToken"))
      #expect(second.status == 200)
      for answer in [first, lost, second] {
        let ann = Client(port: server.port, token: try answer.string("token"))
        #expect(try await ann.get("/api/v1/users/me").status == 200)
      }
      // With the next exchange the first token is two steps back.
      #expect(try await refresh(server, second.string("refreshToken")).status == 200)
      #expect(try await refresh(server, first.string("refreshToken")).code == "auth.refresh")
      let ann = Client(port: server.port, token: try second.string("token"))
      #expect(try await ann.get("/api/v1/users/me").code == "auth.invalid")
    }
  }

  @Test("Of two who have exchanged the same token, the one whose answer was replaced ends the session")
  func replacedAnswer() async throws {
    try await withServer { server in
      let first = try await server.anonymous.post("/api/v1/sessions", #"{"name":"Ann"}"#)
      let owner = try await refresh(server, first.string("refreshToken"))
      let thief = try await refresh(server, first.string("refreshToken"))
      #expect(thief.status == 200)
      #expect(try await refresh(server, owner.string("refreshToken")).code == "auth.refresh")
      #expect(try await refresh(server, thief.string("refreshToken")).code == "auth.refresh")
      let client = Client(port: server.port, token: try thief.string("token"))
      #expect(try await client.get("/api/v1/users/me").code == "auth.invalid")
    }
  }

  @Test("A ban uses no refresh token up: when it is lifted the session goes on")
  func refreshOfTheBanned() async throws {
    try await withServer(configure: { $0.limits.refreshRepeat = 0 }) { server in
      let (admin, first) = (
        try await server.operator(), try await server.anonymous.post("/api/v1/sessions", #"{"name":"Ann"}"#)
      )
      let id = try first.string("userId")
      #expect(try await admin.send("PUT", "/api/v1/bans/\(id)").status == 200)
      for _ in 0..<2 { #expect(try await refresh(server, first.string("refreshToken")).code == "auth.banned") }
      #expect(try await admin.send("DELETE", "/api/v1/bans/\(id)").status == 204)
      #expect(try await refresh(server, first.string("refreshToken")).status == 200)
    }
  }

  @Test("Signing out voids the tokens at once and closes the socket; other sessions go on")
  func signOut() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let here = try await server.account("known-name")
      let there = try await server.signIn("known-name", "correct horse")
      let (code, elapsed) = try await here.events(room) { socket in
        _ = try await socket.next("snapshot")
        let start = ContinuousClock.now
        #expect(try await here.send("DELETE", "/api/v1/sessions/current").status == 204)
        #expect(try await here.get("/api/v1/users/me").code == "auth.invalid")
        return (try await socket.closeCode(), ContinuousClock.now - start)
      }
      #expect(code == 4401 && elapsed < .seconds(3))
      #expect(try await there.get("/api/v1/users/me").status == 200)
      #expect(try await host.get("/api/v1/users/me").status == 200)
    }
  }

  @Test("Accounts, ended sessions, keys, bans and the operator are the same after a restart")
  func restart() async throws {
    let directory = NSTemporaryDirectory() + "mixd-identity-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let kept = Kept()
    try await withServer(directory: directory) { server in
      let admin = try await server.operator()
      let ended = try await server.user("Ended")
      #expect(try await ended.send("DELETE", "/api/v1/sessions/current").status == 204)
      let banned = try await server.user("Banned")
      #expect(try await admin.send("PUT", "/api/v1/bans/\(banned.id)").status == 200)
      _ = try await server.account("known-name")
      let key = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#).string("key")
      await kept.keep(["admin": admin, "ended": ended, "banned": banned, "key": Client(port: 0, token: key)])
    }
    try await withServer(directory: directory) { server in
      func again(_ name: String) async -> Client { Client(port: server.port, token: await kept.clients[name]?.token) }
      let ended = try await again("ended").get("/api/v1/users/me")
      #expect(ended.code == "auth.invalid")
      #expect(try await again("banned").get("/api/v1/users/me").code == "auth.banned")
      #expect(try await again("admin").get("/api/v1/users/me").json["operator"] as? Bool == true)
      #expect(try await again("key").post("/api/v1/tokens", #"{"name":"Bob"}"#).status == 201)
      #expect(try await server.signIn("known-name", "correct horse").token != nil)
    }
    try await withServer(directory: directory, configure: { $0.operatorAccount = nil }) { server in
      let admin = Client(port: server.port, token: await kept.clients["admin"]?.token)
      let me = try await admin.get("/api/v1/users/me").json
      #expect(me["operator"] == nil)
      #expect(try await admin.get("/api/v1/bans").code == "auth.forbidden")
    }
  }

  @Test("Whoever took the operator's name before he was configured does not become operator by that")
  func squatter() async throws {
    let directory = NSTemporaryDirectory() + "mixd-squatter-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let kept = Kept()
    try await withServer(directory: directory, configure: { $0.operatorAccount = nil }) { server in
      await kept.keep(["squatter": try await server.account(TestServer.operatorName)])
    }
    try await withServer(directory: directory) { server in
      let squatter = Client(port: server.port, token: await kept.clients["squatter"]?.token)
      let refused = try await squatter.get("/api/v1/bans")
      #expect(refused.code == "auth.invalid")
      let old = credentials(TestServer.operatorName, "correct horse")
      #expect(try await server.anonymous.post("/api/v1/sessions/login", old).code == "auth.credentials")
      #expect(try await server.operator().get("/api/v1/bans").status == 200)
    }
  }

  private func refresh(_ server: TestServer, _ token: String) async throws -> Answer {
    try await server.anonymous.post("/api/v1/sessions/refresh", #"{"refreshToken":"\#(token)"}"#)
  }

  private actor Kept {
    var clients: [String: Client] = [:]
    func keep(_ clients: [String: Client]) { self.clients = clients }
  }
}
