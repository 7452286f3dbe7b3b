import Testing

@testable import SignalingServer

@Suite struct BackendTests {
  @Test("A backend mints tokens for its own users and nobody else's")
  func minting() async throws {
    try await withServer { server in
      let backend = try await server.backend()
      let made = try await backend.post("/api/v1/tokens", #"{"userId":"shop-7","name":"Ann","ttl":600}"#)
      #expect(made.status == 201)
      #expect(try made.string("userId") == "shop-7" && made.json["expiresIn"] as? Int == 600)
      let ann = Client(port: server.port, token: try made.string("token"))
      #expect(try await ann.get("/api/v1/users/me").string("name") == "Ann")
      let renamed = try await backend.post("/api/v1/tokens", #"{"userId":"shop-7","name":"Anna"}"#)
      #expect(try renamed.string("name") == "Anna")
      let account = try await server.account("some-account")
      let guest = try await server.user("Guest")
      for user in [account.id, guest.id] {
        let answer = try await backend.post("/api/v1/tokens", #"{"userId":"\#(user)","name":"Eve"}"#)
        #expect(answer.status == 403, "\(answer.body)")
      }
      let cases: [(String, String)] = [
        (#"{"userId":"u_invented","name":"Eve"}"#, "token.user"), (#"{"userId":"a b","name":"Eve"}"#, "token.user"),
        (#"{"name":""}"#, "session.name"), (#"{"name":"Eve","ttl":5}"#, "token.ttl"),
        (#"{"name":"Eve","ttl":99999999}"#, "token.ttl"), (#"{"name":"Eve","room":"r_none"}"#, "room.unknown"),
        (#"{"name":"Eve","role":"admin"}"#, "json.malformed"),
      ]
      for (body, code) in cases { #expect(try await backend.post("/api/v1/tokens", body).code == code, "\(body)") }
    }
  }

  @Test("A user who is minted tokens for the first time at once, many times, is one user with as many tokens")
  func parallelMints() async throws {
    try await withServer { server in
      let backend = try await server.backend()
      let mints = (0..<16).map { _ in
        Task { try await backend.post("/api/v1/tokens", #"{"userId":"shop-7","name":"Ann"}"#) }
      }
      var answers: [Answer] = []
      for mint in mints { answers.append(try await mint.value) }
      #expect(answers.allSatisfy { $0.status == 201 }, "\(answers.map(\.status))")
      let tokens = Set(answers.compactMap { try? $0.string("token") })
      #expect(tokens.count == 16)
      let guest = try await server.user("Guest")
      #expect(try await guest.get("/api/v1/users/shop-7").string("name") == "Ann")
    }
  }

  @Test("A backend opens rooms for its users; only who a room was made for is its host")
  func rooms() async throws {
    try await withServer { server in
      let backend = try await server.backend()
      let host = try await backend.post("/api/v1/tokens", #"{"userId":"host-1","name":"Ann"}"#)
      let made = try await backend.post("/api/v1/rooms", #"{"title":"Show","hostId":"host-1"}"#)
      #expect(made.status == 201)
      #expect(try made.string("hostName") == "Ann")
      let room = try made.string("id")
      let again = try await backend.post(
        "/api/v1/tokens", #"{"userId":"host-1","name":"Ann","room":"\#(room)","role":"host"}"#)
      #expect(again.status == 201)
      let other = try await backend.post(
        "/api/v1/tokens", #"{"userId":"host-2","name":"Eve","room":"\#(room)","role":"host"}"#)
      #expect(other.code == "auth.forbidden")
      let ann = Client(port: server.port, token: try host.string("token"), id: "host-1")
      #expect(try await ann.send("PATCH", "/api/v1/rooms/\(room)", #"{"title":"New"}"#).status == 200)
      let guest = try await server.user("Guest")
      for caller in [backend, guest] {
        let answer = try await caller.post("/api/v1/rooms", #"{"title":"Show","hostId":"\#(server.port)"}"#)
        #expect(answer.status == (caller.token == guest.token ? 403 : 404))
      }
      #expect(try await backend.post("/api/v1/rooms", #"{"title":"Show","hostId":"\#(guest.id)"}"#).status == 403)
      #expect(try await backend.post("/api/v1/rooms", #"{"title":"Show"}"#).status == 403)
      #expect(try await backend.send("DELETE", "/api/v1/rooms/\(room)").status == 403)
    }
  }

  @Test("A backend gets neither rooms nor tokens for a user who is banned, until the ban is lifted")
  func bannedUsers() async throws {
    try await withServer { server in
      let (admin, backend) = (try await server.operator(), try await server.backend())
      #expect(try await backend.post("/api/v1/tokens", #"{"userId":"shop-7","name":"Ann"}"#).status == 201)
      let show = #"{"title":"Show","hostId":"shop-7"}"#
      let room = try await backend.post("/api/v1/rooms", show).string("id")
      let late = try await backend.slowly("POST", "/api/v1/rooms", show) {
        let status = try await admin.send("PUT", "/api/v1/bans/shop-7").status
        #expect(status == 200)
      }
      #expect(late.status == 403 && late.code == "auth.banned")
      let requests = [
        ("/api/v1/rooms", show), ("/api/v1/tokens", #"{"userId":"shop-7","name":"Ann"}"#),
        ("/api/v1/tokens", #"{"userId":"shop-7","name":"Anna","room":"\#(room)","role":"host"}"#),
      ]
      for (path, body) in requests {
        let refused = try await backend.post(path, body)
        #expect(refused.status == 403 && refused.code == "auth.banned", "\(body)")
      }
      #expect(try await admin.get("/api/v1/users/shop-7").string("name") == "Ann")
      #expect(try await admin.get("/api/v1/rooms?host=shop-7").list("rooms").count == 1)
      #expect(try await admin.send("DELETE", "/api/v1/bans/shop-7").status == 204)
      for (path, body) in requests { #expect(try await backend.post(path, body).status == 201, "\(body)") }
    }
  }

  @Test("A key is shown once, works until it is revoked, and makes nobody of its owner")
  func keys() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let made = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#)
      #expect(made.status == 201)
      let (key, id) = (try made.string("key"), try made.string("id"))
      #expect(key.hasPrefix("mk_") && key.count > 40)
      let listed = try await admin.get("/api/v1/api-keys")
      #expect(try listed.list("apiKeys").map { $0["name"] as? String } == ["Shop"])
      #expect(!listed.body.contains(key))
      let backend = Client(port: server.port, token: key)
      #expect(try await backend.get("/api/v1/users/me").code == "auth.forbidden")
      #expect(try await backend.post("/api/v1/api-keys", #"{"name":"More"}"#).code == "auth.forbidden")
      #expect(try await backend.post("/api/v1/tokens", #"{"name":"Bob"}"#).status == 201)
      #expect(try await admin.send("DELETE", "/api/v1/api-keys/\(id)").status == 204)
      #expect(try await backend.post("/api/v1/tokens", #"{"name":"Bob"}"#).code == "auth.invalid")
      #expect(try await admin.send("DELETE", "/api/v1/api-keys/\(id)").code == "api-key.unknown")
      #expect(try await Client(port: server.port, token: "mk_" + "x").get("/api/v1/bans").code == "auth.invalid")
    }
  }
}
