import Foundation
import Testing

@testable import SignalingServer

/// What becomes of publications, viewers and sockets when the sign-in they were opened with is over.
@Suite struct RunningSessionTests {
  private static let secret = "secret-of-this-test-secret-of-this-test"

  @Test("Signing out ends what this session publishes, watches and follows, and nothing else")
  func signOut() async throws {
    try await withServer { server in
      let (here, room) = try await Self.accountOnAir(server)
      #expect(try await here.whep(room).status == 201)
      let there = try await server.signIn("known-name", "correct horse")
      #expect(try await there.whep(room).status == 201)
      let before = server.media.closed
      let code = try await here.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await here.send("DELETE", "/api/v1/sessions/current").status == 204)
        return try await socket.closeCode()
      }
      #expect(code == 4401)
      try await eventually { server.media.closed == before + 2 }
      try await eventually { try await Self.onStage(server, room) == 0 }
      #expect(try await there.get("/api/v1/users/me").status == 200)
    }
  }

  @Test("A new password ends what the other sessions of the account publish")
  func newPassword() async throws {
    try await withServer { server in
      let (thief, room) = try await Self.accountOnAir(server)
      let owner = try await server.signIn("known-name", "correct horse")
      #expect(try await owner.whep(room).status == 201)
      let change = #"{"password":{"old":"correct horse","new":"battery staple"}}"#
      #expect(try await owner.send("PATCH", "/api/v1/users/me", change).status == 200)
      try await eventually { server.media.closed == 1 }
      try await eventually { try await Self.onStage(server, room) == 0 }
      #expect(try await thief.whip(room).code == "auth.invalid")
    }
  }

  @Test("A ban that comes while an offer is on its way is not missed", arguments: ["/whip/", "/whep/"])
  func banDuringOffer(path: String) async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let host = try await server.user("Host")
      let room = try await host.openRoom()
      let answer = try await host.slowly("POST", path + room, Client.offer, type: "application/sdp") {
        let status = try await admin.send("PUT", "/api/v1/bans/\(host.id)").status
        #expect(status == 200)
      }
      #expect(answer.code == "auth.banned")
      #expect(!server.media.commands.contains { $0.name == "openPublisher" || $0.name == "openViewer" })
    }
  }

  @Test("Revoking an API key voids the tokens it minted and ends what was opened with them; other keys go on")
  func revokedKey() async throws {
    try await withServer { server in
      let admin = try await server.operator()
      let (lost, kept) = (try await Self.key(admin, server), try await Self.key(admin, server))
      let (host, other) = (try await Self.minted("shop-1", lost.client), try await Self.minted("shop-2", kept.client))
      let room = try await host.openRoom()
      #expect(try await host.whip(room).status == 201)
      #expect(try await lost.client.whep(room).status == 201)
      #expect(try await other.whep(room).status == 201)
      let code = try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await admin.send("DELETE", "/api/v1/api-keys/\(lost.id)").status == 204)
        return try await socket.closeCode()
      }
      #expect(code == 4401)
      try await eventually { server.media.closed == 2 }
      #expect(try await host.get("/api/v1/users/me").code == "auth.invalid")
      #expect(try await other.get("/api/v1/users/me").status == 200)
      // All keys are one operator's: the users of one are the users of all.
      #expect(try await Self.minted("shop-1", kept.client).get("/api/v1/users/me").status == 200)
    }
  }

  @Test("A token that runs out ends nothing while its session goes on, or another token of the same backend")
  func expiry() async throws {
    try await withServer(configure: {
      $0.tokenSecret = Self.secret
      ($0.limits.tokenGrace, $0.limits.sessionWatch) = (0, 0.1)
    }) { server in
      let authority = await TokenAuthority(secret: Self.secret)
      let (_, room) = try await server.liveRoom()
      let account = try await server.account("known-name")
      let key = try await Self.key(try await server.operator(), server)
      let (first, second) = (try await Self.minted("shop-1", key.client), try await Self.minted("shop-2", key.client))
      let renewed = try await Self.short(account, authority)
      let prolonged = try await Self.short(first, authority, session: "s_older")
      let forgotten = try await Self.short(second, authority, session: "s_other", issuer: Issuer.platform)
      for client in [renewed, prolonged, forgotten] { #expect(try await client.whep(room).status == 201) }
      let code = try await forgotten.events(room) { socket in
        _ = try await socket.next("snapshot")
        return try await socket.closeCode()
      }
      #expect(code == 4401)
      try await eventually { server.media.closed == 1 }
      try await Task.sleep(for: .milliseconds(500))
      #expect(server.media.closed == 1)
      for client in [renewed, prolonged, forgotten] { #expect(try await client.whep(room).code == "auth.invalid") }
    }
  }

  /// The same user with a token that is good for some seconds only.
  private static func short(
    _ client: Client, _ authority: TokenAuthority, session: String? = nil, issuer: String? = nil
  ) async throws -> Client {
    let identity = try #require(await authority.identity(of: client.token ?? ""))
    var result = client
    result.token = try await authority.token(
      for: .init(
        user: identity.user, session: session ?? identity.session, issuer: issuer ?? identity.issuer,
        expiresAt: ServerClock.wallMilliseconds() + 8_000))
    return result
  }

  private static func accountOnAir(_ server: TestServer) async throws -> (Client, String) {
    let host = try await server.account("known-name")
    let room = try await host.openRoom()
    #expect(try await host.whip(room).status == 201)
    try await server.arrive(host, room)
    return (host, room)
  }

  private static func onStage(_ server: TestServer, _ room: String) async throws -> Int {
    try await server.anonymous.get("/api/v1/rooms/\(room)/participants").list("participants").count
  }

  private static func key(_ admin: Client, _ server: TestServer) async throws -> (id: String, client: Client) {
    let made = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#)
    return (try made.string("id"), Client(port: server.port, token: try made.string("key")))
  }

  private static func minted(_ user: String, _ backend: Client) async throws -> Client {
    let answer = try await backend.post("/api/v1/tokens", #"{"userId":"\#(user)","name":"Ann"}"#)
    #expect(answer.status == 201)
    return Client(port: backend.port, token: try answer.string("token"), id: user)
  }
}

extension RecordingMedia {
  /// How many sessions the worker was told to close.
  fileprivate var closed: Int { commands.count { $0.name == "closeSession" } }
}
