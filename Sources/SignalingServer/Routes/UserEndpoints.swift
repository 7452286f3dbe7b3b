import HTTPTypes
import Hummingbird
import Signaling

/// Users, oneself first.
struct UserEndpoints: Sendable {
  let plane: ControlPlane

  private struct Change: Decodable {
    struct Password: Decodable {
      let old: String
      let new: String
    }
    let name: String?
    let password: Password?
  }

  var all: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/users/me", .user, .identity, "Shows who one is.", answers: [.ok(.user)], handler: showMe),
      Endpoint(
        .patch, "/api/v1/users/me", .user, .identity,
        "Changes a guest's name, or an account's password, which ends its other sessions.", body: .json(.userChange),
        answers: [.ok(.user)],
        errors: [
          .rule(.nameInvalid), .accountName, .accountPassword, .accountNeeded, .credentials, .signInTooOften,
          .authBusy, .textRefused, .moderationUnavailable, .moderationBusy,
          .nameTooOften,
        ],
        handler: changeMe),
      Endpoint(
        .get, "/api/v1/users/{user}", .user, .identity, "Shows a user.", answers: [.ok(.user)],
        errors: [.userUnknown], handler: show),
    ]
  }

  @Sendable private func showMe(_ call: Call) async throws -> Response {
    try await body(of: try call.person.id)
  }

  @Sendable private func changeMe(_ call: Call) async throws -> Response {
    let caller = try call.knownCaller
    let body = try await call.json(Change.self)
    if let name = body.name {
      try plane.identity.admitRenaming(caller, to: name)
      let reviewed = try await plane.environment.moderator.review(name: name, of: try call.person.id)
      try call.requireGood()
      try await plane.identity.rename(caller, to: reviewed)
      if let person = try await plane.identity.find(try call.person.id) { await plane.rooms.rename(person) }
    }
    if let password = body.password {
      try await plane.identity.changePassword(of: caller, from: password.old, to: password.new)
    }
    return try await self.body(of: try call.person.id)
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try await body(of: try call.part("user"))
  }

  private func body(of id: String) async throws -> Response {
    guard let user = try await plane.identity.known(id) else { throw APIError.userUnknown }
    return try .json(.ok, UserBody(user))
  }
}
