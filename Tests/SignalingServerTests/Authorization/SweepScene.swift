import HTTPTypes
import Testing

@testable import SignalingServer

/// One live room with everybody who could ask, and with something of others that each could want to change.
struct SweepScene: Sendable {
  private let clients: [SweepRole: Client]
  /// Parts of the table's paths and what they are in this scene, the longer ones first.
  private let places: [(String, String)]

  init(_ server: TestServer) async throws {
    let (host, room) = try await server.liveRoom()
    let (viewer, otherHost) = (try await server.user("Viewer"), try await server.user("Other"))
    _ = try await otherHost.openRoom()
    let (banned, roomBanned) = (try await server.user("Banned"), try await server.user("Out"))
    #expect(try await host.send("PUT", "/api/v1/rooms/\(room)/bans/\(roomBanned.id)").status == 200)
    let admin = try await server.operator()
    #expect(try await admin.send("PUT", "/api/v1/bans/\(banned.id)").status == 200)
    let key = try await admin.post("/api/v1/api-keys", #"{"name":"Backend"}"#)
    let (backend, keyID) = (Client(port: server.port, token: try key.string("key")), try key.string("id"))
    let cohost = try await server.cohost("Co", room, host: host)
    let helper = try await backend.post(
      "/api/v1/tokens", #"{"name":"Helper","room":"\#(room)","role":"admin"}"#)
    clients = [
      .anonymous: server.anonymous, .viewer: viewer, .otherHost: otherHost, .host: host, .operator: admin,
      .cohost: cohost, .banned: banned, .roomBanned: roomBanned,
      .apiKey: backend, .roomAdmin: Client(port: server.port, token: try helper.string("token")),
    ]
    let general = [
      ("/api/v1/bans/{user}", "/api/v1/bans/\(banned.id)"), ("participants/{user}", "participants/\(cohost.id)"),
      ("api-keys/{id}", "api-keys/\(keyID)"), ("{room}", room), ("{user}", viewer.id), ("{id}", "x_none"),
      ("{session}", "none"), ("{delivery}", "del_none"), ("{index}", "7"),
    ]
    places = try await Self.belongings(server, room, host: host) + general
  }

  /// What the host has, and what people have made who are in none of the roles.
  private static func belongings(
    _ server: TestServer, _ room: String, host: Client
  ) async throws -> [(String, String)] {
    let path = "/api/v1/rooms/\(room)"
    let (asking, invited) = (try await server.user("Asking"), try await server.user("Invited"))
    async let said = asking.post("\(path)/messages", #"{"text":"Hello"}"#)
    let application = try await asking.post("\(path)/applications", #"{"media":"video"}"#).string("id")
    let invitation = try await host.post("\(path)/invitations", #"{"userId":"\#(invited.id)"}"#).string("id")
    let output = try await host.post("\(path)/outputs", #"{"url":"rtmp://127.0.0.1/a/key"}"#).string("id")
    let message = try await said.string("id")
    return [
      ("applications/{id}", "applications/\(application)"), ("invitations/{id}", "invitations/\(invitation)"),
      ("outputs/{id}", "outputs/\(output)"), ("messages/{id}", "messages/\(message)"),
    ]
  }

  func client(_ role: SweepRole) -> Client { clients[role] ?? Client(port: 0) }

  func fill(_ path: String) -> String { places.reduce(path) { $0.replacing($1.0, with: $1.1) } }

  /// Whether only somebody else may do it, by what the handler finds: that request, or that message, is not his.
  func isOfOthers(_ endpoint: Endpoint, _ role: SweepRole) -> Bool {
    let room = "/api/v1/rooms/{room}"
    switch "\(endpoint.method.rawValue) \(endpoint.path)" {
    case "POST \(room)/applications/{id}/cancel", "POST \(room)/invitations/{id}/accept",
      "POST \(room)/invitations/{id}/reject":
      return true
    case "DELETE \(room)/messages/{id}": return !Set<SweepRole>.helpers.contains(role)
    default: return false
    }
  }

  /// Where the handler looks at more than role and room.
  func mayStillBeRefused(_ endpoint: Endpoint, _ role: SweepRole) -> Bool {
    if isOfOthers(endpoint, role) { return true }
    let name = "\(endpoint.method.rawValue) \(endpoint.path)"
    switch name {
    // The credentials in the body count, not the caller's.
    case "POST /api/v1/sessions/login", "POST /api/v1/sessions/refresh": return true
    // A room by a backend needs a host.
    case "POST /api/v1/rooms": return role == .apiKey
    // It asks for a token only after it was reached.
    case "GET /api/v1/rooms/{room}/events": return role == .banned || role == .roomBanned
    // Who is banned in the room does not watch it under his name.
    case "POST /whep/{room}", "GET /api/v1/rooms/{room}/participants", "GET /api/v1/rooms/{room}/seats",
      "GET /api/v1/rooms/{room}/scene", "GET /api/v1/rooms/{room}/stats":
      return role == .roomBanned
    // Admins change a part of the room only; the sweep's body has a title.
    case "PATCH /api/v1/rooms/{room}": return role != .host
    default: return false
    }
  }
}
