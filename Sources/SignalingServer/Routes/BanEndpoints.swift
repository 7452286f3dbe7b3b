import HTTPTypes
import Hummingbird
import Signaling

/// Who may not use the platform at all.
struct BanEndpoints: Sendable {
  let plane: ControlPlane

  private struct BanRequest: Decodable { let reason: String? }

  var all: [Endpoint] {
    [
      Endpoint(
        .put, "/api/v1/bans/{user}", .operators, .moderation,
        "Bans a user: tokens are void, sockets and publications end.", body: .optionalJSON(.banRequest),
        answers: [.ok(.ban)], errors: [.userUnknown, .banReason], handler: ban),
      Endpoint(
        .delete, "/api/v1/bans/{user}", .operators, .moderation, "Lifts a ban.", answers: [.noContent],
        errors: [.banUnknown], handler: unban),
      Endpoint(
        .get, "/api/v1/bans/{user}", .operators, .moderation, "Shows a ban.", answers: [.ok(.ban)],
        errors: [.banUnknown], handler: show),
      Endpoint(
        .get, "/api/v1/bans", .operators, .moderation, "Lists bans, the newest first.",
        query: SequencePage.query, answers: [.ok(.bans)], errors: [.badQuery], handler: list),
    ]
  }

  @Sendable private func ban(_ call: Call) async throws -> Response {
    let body = try await call.optionalJSON(BanRequest.self)
    let user = try call.part("user")
    let ban = try await plane.identity.ban(user, reason: body?.reason ?? "", by: try call.person)
    await plane.rooms.banish(user)
    return try .json(.ok, BanBody(ban))
  }

  @Sendable private func unban(_ call: Call) async throws -> Response {
    try await plane.identity.unban(try call.part("user"))
    return .noContent
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let user = try call.part("user")
    guard let ban = try await plane.identity.stored({ try await $0.ban(user) }) else { throw APIError.banUnknown }
    return try .json(.ok, BanBody(ban))
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let wanted = try SequencePage({ call.query($0) }, refusal: .badQuery)
    let found = try await plane.identity.stored { try await $0.bans(before: wanted.before, limit: wanted.lookAhead) }
    let (page, next) = wanted.cut(found) { $0.sequence }
    return try .json(.ok, BanListBody(bans: page.map(BanBody.init), next: next))
  }
}
