import HTTPTypes
import MediaControl
import Testing

@testable import SignalingServer

/// Every operation of the table with every kind of caller. Rights are decided before the body is read, so that nearly
/// all of it works without bodies that make sense.
@Suite(.serialized) struct AuthorizationSweepTests {
  @Test("The table and what was written down by hand agree, operation by operation")
  func handWritten() async throws {
    try await withTable { _, table in
      var known: Set<String> = []
      for endpoint in table.endpoints {
        let name = "\(endpoint.method.rawValue) \(endpoint.path)"
        known.insert(name)
        let expected = try #require(ExpectedAccess.all[name], "\(name) is missing in ExpectedAccess")
        #expect(endpoint.access.roles == expected, "\(name)")
      }
      #expect(known.count == table.endpoints.count)
      #expect(Set(ExpectedAccess.all.keys) == known)
    }
  }

  @Test("Nobody gets in who should not, and nobody is kept out who should", arguments: SweepRole.allCases)
  func sweep(role: SweepRole) async throws {
    try await withTable { server, table in
      var scene = try await SweepScene(server)
      for endpoint in table.endpoints where endpoint.method != .options {
        let (method, path) = (endpoint.method.rawValue, scene.fill(endpoint.path))
        let answer = try await scene.client(role).send(method, path, endpoint.sweepBody, type: endpoint.sweepType)
        let isRefused = [401, 403].contains(answer.status)
        let isIn = endpoint.access.roles.contains(role)
        let name = "\(role.rawValue): \(method) \(endpoint.path) → \(answer.status) \(answer.body.prefix(120))"
        if isIn {
          #expect(!isRefused || scene.mayStillBeRefused(endpoint, role), "\(name)")
          #expect(answer.status >= 400 || !scene.isOfOthers(endpoint, role), "\(name)")
        } else {
          #expect(isRefused && answer.code != nil, "\(name)")
          if role == .anonymous { #expect(answer.status == 401, "\(name)") }
        }
        if isIn && endpoint.method != .get && answer.status < 300 { scene = try await SweepScene(server) }
      }
    }
  }

  private func withTable(
    _ body: @escaping @Sendable (TestServer, EndpointTable) async throws -> Void
  ) async throws {
    try await withServer { server in try await body(server, try await EndpointTable.detached()) }
  }
}

extension Endpoint {
  /// A body that some operations need to get as far as a second look at rights.
  fileprivate var sweepBody: String? {
    switch body {
    case .none: nil
    case .json, .optionalJSON: #"{"name":"x","title":"x","media":"video","locked":true}"#
    case .text: Client.offer
    }
  }

  fileprivate var sweepType: String {
    if case .text(let type) = body { type } else { "application/json" }
  }
}
