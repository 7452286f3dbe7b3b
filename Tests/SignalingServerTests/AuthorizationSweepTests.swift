import Testing

@testable import SignalingServer

/// Every route with every kind of caller: who may is written down here, everybody else must be refused.
@Suite struct AuthorizationSweepTests {
  enum Role: String, CaseIterable { case anonymous, viewer, otherHost, cohost, host }

  struct Route: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    var body: String?
    var type = "application/json"
    let allowed: Set<Role>
    var testDescription: String { "\(method) \(path)" }
  }

  private static let people = Set(Role.allCases).subtracting([.anonymous])
  private static let everybody = Set(Role.allCases)
  private static let base = "/api/v1/rooms/{room}"

  static let routes = [
    Route(method: "GET", path: "/api/v1/rooms", allowed: everybody),
    Route(method: "POST", path: "/api/v1/rooms", body: #"{"title":"x"}"#, allowed: people),
    Route(method: "GET", path: base, allowed: everybody),
    Route(method: "PATCH", path: base, body: #"{"title":"y"}"#, allowed: [.host]),
    Route(method: "DELETE", path: base, allowed: [.host]),
    Route(method: "POST", path: "\(base)/applications", body: #"{"media":"video"}"#, allowed: [.viewer, .otherHost]),
    Route(method: "GET", path: "\(base)/applications", allowed: people),
    Route(method: "POST", path: "\(base)/applications/{application}/accept", allowed: [.host]),
    Route(method: "POST", path: "\(base)/applications/{application}/reject", allowed: [.host]),
    Route(method: "POST", path: "\(base)/applications/{application}/cancel", allowed: []),
    Route(method: "POST", path: "\(base)/invitations", body: #"{"userId":"{other}"}"#, allowed: [.host]),
    Route(method: "GET", path: "\(base)/invitations", allowed: people),
    Route(method: "GET", path: "\(base)/participants", allowed: everybody),
    Route(method: "PATCH", path: "\(base)/participants/{cohost}", body: #"{"muted":true}"#, allowed: [.host, .cohost]),
    Route(method: "PATCH", path: "\(base)/participants/{host}", body: #"{"muted":true}"#, allowed: [.host]),
    Route(method: "DELETE", path: "\(base)/participants/{cohost}", allowed: [.host, .cohost]),
    Route(method: "DELETE", path: "\(base)/participants/{host}", allowed: [.host]),
    Route(method: "GET", path: "\(base)/scene", allowed: everybody),
    Route(method: "PUT", path: "\(base)/scene", body: #"{"layout":"grid"}"#, allowed: [.host]),
    Route(method: "GET", path: "\(base)/outputs", allowed: [.host]),
    Route(method: "POST", path: "\(base)/outputs", body: #"{"url":"rtmp://127.0.0.1/a/b"}"#, allowed: [.host]),
    Route(method: "DELETE", path: "\(base)/outputs/{output}", allowed: [.host]),
    Route(method: "GET", path: "\(base)/stats", allowed: everybody),
    Route(method: "GET", path: "\(base)/trace", allowed: [.host]),
    Route(
      method: "POST", path: "/whip/{room}", body: Client.offer, type: "application/sdp", allowed: [.host, .cohost]),
    Route(method: "POST", path: "/whep/{room}", body: Client.offer, type: "application/sdp", allowed: everybody),
    Route(
      method: "POST", path: "/whep/{room}?stage={host}", body: Client.offer, type: "application/sdp",
      allowed: [.cohost]),
  ]

  @Test("Nobody gets in who should not", arguments: routes)
  func sweep(route: Route) async throws {
    try await withServer { server in
      var scene = try await Scene(server)
      for role in Role.allCases {
        let client = scene.client(role)
        let answer = try await client.send(
          route.method, scene.fill(route.path), route.body.map(scene.fill), type: route.type)
        if route.method != "GET" && answer.status < 300 { scene = try await Scene(server) }
        let isIn = (200..<300).contains(answer.status)
        #expect(isIn == route.allowed.contains(role), "\(role.rawValue) → \(answer.status) \(answer.body)")
        if !isIn { #expect([401, 403, 404, 409].contains(answer.status) && answer.code != nil) }
        if role == .anonymous && !isIn { #expect(answer.status == 401) }
      }
    }
  }

  /// One live room with everybody who could ask.
  struct Scene: Sendable {
    let clients: [Role: Client]
    let names: [String: String]

    init(_ server: TestServer) async throws {
      let (host, room) = try await server.liveRoom()
      let cohost = try await server.cohost("Co", room, host: host)
      let applicant = try await server.user("Applicant")
      let base = "/api/v1/rooms/\(room)"
      let application = try await applicant.post("\(base)/applications", #"{"media":"video"}"#).string("id")
      let output = try await host.post("\(base)/outputs", #"{"url":"rtmp://127.0.0.1/a/b"}"#).string("id")
      let otherHost = try await server.user("Other")
      _ = try await otherHost.openRoom()
      clients = [
        .anonymous: server.anonymous, .viewer: try await server.user("Viewer"), .otherHost: otherHost,
        .cohost: cohost, .host: host,
      ]
      names = [
        "room": room, "host": host.id, "cohost": cohost.id, "other": otherHost.id, "application": application,
        "output": output,
      ]
    }

    func client(_ role: Role) -> Client { clients[role] ?? Client(port: 0) }

    func fill(_ text: String) -> String {
      names.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
  }
}
