import HTTPTypes
import Hummingbird
import Signaling

/// API keys, and the tokens that their owners mint for their own users.
struct BackendEndpoints: Sendable {
  let plane: ControlPlane

  private struct KeyRequest: Decodable { let name: String }
  private struct TokenRequest: Decodable {
    enum Role: String, Decodable { case viewer, host, admin }
    let userId: String?
    let name: String
    let ttl: Int?
    let room: String?
    let role: Role?
  }

  var all: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/api-keys", .operators, .identity, "Makes an API key, which is shown this once.",
        body: .json(.keyRequest), answers: [.created(.newKey)], errors: [.keyName, .keyLimit], handler: makeKey),
      Endpoint(
        .get, "/api/v1/api-keys", .operators, .identity, "Lists API keys, without their secrets.",
        answers: [.ok(.keys)], handler: listKeys),
      Endpoint(
        .delete, "/api/v1/api-keys/{id}", .operators, .identity, "Revokes an API key and every token that it minted.",
        answers: [.noContent],
        errors: [.keyUnknown], handler: removeKey),
      Endpoint(
        .post, "/api/v1/tokens", .backend, .identity, "Mints a token for a user of the backend.",
        body: .json(.tokenRequest), answers: [.created(.mintedToken)],
        errors: [
          .rule(.nameInvalid), .tokenUser, .tokenLifetime, .authBanned, .roomUnknown, .rule(.roomEnded),
          .rule(.adminIsHost), .rule(.adminLimit), .rule(.userBanned),
        ],
        handler: mint),
    ]
  }

  @Sendable private func makeKey(_ call: Call) async throws -> Response {
    let body = try await call.json(KeyRequest.self)
    let (key, secret) = try await plane.identity.makeKey(name: body.name)
    return try .json(.created, KeyBody(key, secret: secret))
  }

  @Sendable private func listKeys(_ call: Call) async throws -> Response {
    try .json(.ok, ["apiKeys": plane.identity.book.keys.map { KeyBody($0) }])
  }

  @Sendable private func removeKey(_ call: Call) async throws -> Response {
    try await plane.identity.removeKey(try call.part("id"))
    return .noContent
  }

  @Sendable private func mint(_ call: Call) async throws -> Response {
    let body = try await call.json(TokenRequest.self)
    let lifetime = body.ttl ?? 3600
    guard (60...2_592_000).contains(lifetime) else { throw APIError.tokenLifetime }
    // A role is one in a room: without it nothing would come of it.
    if body.role != nil, body.room == nil { throw APIError.fieldMissing("room") }
    let issuer = Issuer.of(call.caller)
    let user = try await user(body.userId, name: body.name, by: issuer)
    if let room = body.room { try await grant(body.role ?? .viewer, to: user.person, in: room) }
    let token = try await plane.identity.mint(for: user, lifetime: lifetime, by: issuer)
    return try .json(
      .created, MintedBody(userId: user.id, name: user.person.name, token: token, expiresIn: lifetime))
  }

  /// A user of the backend, who may have got another name by this.
  private func user(_ id: String?, name: String, by issuer: String) async throws(APIError) -> StoredUser {
    var known: Person?
    if let id { known = try await plane.identity.find(id) }
    let user = try await plane.identity.backendUser(id: id, name: name, by: issuer)
    if let known, known.name != user.person.name { await plane.rooms.rename(user.person) }
    return user
  }

  /// The host of a room is who it was made for; a token does not change that.
  private func grant(_ role: TokenRequest.Role, to person: Person, in id: String) async throws(APIError) {
    let room = try await plane.rooms.room(id)
    switch role {
    case .viewer: break
    case .host: if room.stored.host.id != person.id { throw APIError(.forbidden) }
    case .admin: try await room.makeAdmin(person)
    }
  }
}
