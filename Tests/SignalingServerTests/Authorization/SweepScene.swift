import HTTPTypes
import Testing

@testable import SignalingServer

/// One live room with everybody who could ask.
struct SweepScene: Sendable {
  private let clients: [SweepRole: Client]
  private let names: [String: String]

  init(_ server: TestServer) async throws {
    let (host, room) = try await server.liveRoom()
    let (viewer, otherHost) = (try await server.user("Viewer"), try await server.user("Other"))
    _ = try await otherHost.openRoom()
    let (banned, roomBanned) = (try await server.user("Banned"), try await server.user("Out"))
    #expect(try await host.send("PUT", "/api/v1/rooms/\(room)/bans/\(roomBanned.id)").status == 200)
    let admin = try await server.operator()
    #expect(try await admin.send("PUT", "/api/v1/bans/\(banned.id)").status == 200)
    let backend = try await server.backend()
    let helper = try await backend.post(
      "/api/v1/tokens", #"{"name":"Helper","room":"\#(room)","role":"admin"}"#)
    clients = [
      .anonymous: server.anonymous, .viewer: viewer, .otherHost: otherHost, .host: host, .operator: admin,
      .cohost: try await server.cohost("Co", room, host: host), .banned: banned, .roomBanned: roomBanned,
      .apiKey: backend, .roomAdmin: Client(port: server.port, token: try helper.string("token")),
    ]
    names = ["room": room, "user": viewer.id, "id": "x_none", "session": "none", "delivery": "del_none", "index": "1"]
  }

  func client(_ role: SweepRole) -> Client { clients[role] ?? Client(port: 0) }

  func fill(_ path: String) -> String { names.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) } }

  /// Where the handler looks at more than role and room.
  func mayStillBeRefused(_ endpoint: Endpoint, _ role: SweepRole) -> Bool {
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
    // The co-host himself only.
    case "PATCH /api/v1/rooms/{room}/participants/{user}", "DELETE /api/v1/rooms/{room}/participants/{user}":
      return role == .cohost
    // Admins change a part of the room only; the sweep's body has a title.
    case "PATCH /api/v1/rooms/{room}": return role != .host
    default: return false
    }
  }
}
