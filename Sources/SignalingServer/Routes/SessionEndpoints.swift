import HTTPTypes
import Hummingbird
import Signaling

/// Becoming somebody, and ceasing to be.
struct SessionEndpoints: Sendable {
  let plane: ControlPlane

  private struct GuestRequest: Decodable { let name: String }
  private struct Credentials: Decodable {
    let name: String
    let password: String
  }
  private struct RefreshRequest: Decodable { let refreshToken: String }

  var all: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/sessions", .open, .identity, "Becomes a guest.", body: .json(.guestRequest),
        answers: [.created(.session)],
        errors: [.rule(.nameInvalid), .sessionTooOften, .textRefused, .moderationUnavailable, .moderationBusy],
        handler: openGuest),
      Endpoint(
        .post, "/api/v1/accounts", .open, .identity, "Makes an account and signs in.", body: .json(.credentials),
        answers: [.created(.session)],
        errors: [
          .accountName, .accountPassword, .accountExists, .sessionTooOften, .authBusy, .textRefused,
          .moderationUnavailable, .moderationBusy,
        ],
        handler: openAccount),
      Endpoint(
        .post, "/api/v1/sessions/login", .open, .identity, "Signs in with name and password.",
        body: .json(.credentials), answers: [.ok(.session)],
        errors: [.credentials, .signInTooOften, .authBusy, .authBanned], handler: signIn),
      Endpoint(
        .post, "/api/v1/sessions/refresh", .open, .identity,
        "Exchanges a refresh token for new tokens; one that was used before ends the session, but for a moment.",
        body: .json(.refreshRequest), answers: [.ok(.session)], errors: [.refreshInvalid, .authBanned],
        handler: refresh),
      Endpoint(
        .delete, "/api/v1/sessions/current", .user, .identity, "Signs out: all tokens of the session are void.",
        answers: [.noContent], handler: signOut),
    ]
  }

  @Sendable private func openGuest(_ call: Call) async throws -> Response {
    let body = try await call.json(GuestRequest.self)
    try admitNewcomer(call)
    let name = try await plane.environment.moderator.review(
      newcomer: body.name, from: AddressGroup.of(call.context.address))
    return try .json(.created, try await plane.identity.openGuest(name: name))
  }

  @Sendable private func openAccount(_ call: Call) async throws -> Response {
    let body = try await call.json(Credentials.self)
    try admitNewcomer(call)
    let address = AddressGroup.of(call.context.address)
    try await plane.environment.moderator.review(account: AccountRules.name(body.name), from: address)
    return try .json(
      .created, try await plane.identity.openAccount(name: body.name, password: body.password, from: address))
  }

  private func admitNewcomer(_ call: Call) throws(APIError) {
    if call.isFromThisMachine { return }
    guard plane.identity.rates.newcomers.take(AddressGroup.of(call.context.address)) else { throw .sessionTooOften }
  }

  @Sendable private func signIn(_ call: Call) async throws -> Response {
    let body = try await call.json(Credentials.self)
    return try .json(
      .ok,
      try await plane.identity.signIn(
        name: body.name, password: body.password, from: AddressGroup.of(call.context.address)))
  }

  @Sendable private func refresh(_ call: Call) async throws -> Response {
    let body = try await call.json(RefreshRequest.self)
    return try .json(.ok, try await plane.identity.refresh(body.refreshToken))
  }

  @Sendable private func signOut(_ call: Call) async throws -> Response {
    let caller = try call.knownCaller
    try await plane.identity.signOut(caller.credential)
    return .noContent
  }
}
