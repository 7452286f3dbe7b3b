import HTTPTypes
import Hummingbird
import Signaling

/// Who is here, who may not write, who may not come in, and who helps the host.
struct ModerationEndpoints: Sendable {
  let plane: ControlPlane

  private struct SanctionRequest: Decodable {
    let seconds: Int?
    let reason: String?
  }

  var all: [Endpoint] { audience + mutes + bans + admins }

  private static let sanctionErrors: [APIError] = [
    .userUnknown, .rule(.moderationSeconds), .rule(.moderationFull), .rule(.reasonInvalid),
    .rule(.chatMuted), .rule(.chatFiltered),
  ]

  private var audience: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/audience", .roomOrBackend(.moderateMembers), .moderation,
        "Lists who is in the room, everybody once.", query: MemberPage.query, answers: [.ok(.audience)],
        errors: [.roomCursor],
        handler: { call in try .json(.ok, try MemberPage(call).cut(try await call.room.audience, as: "audience")) })
    ]
  }

  private var mutes: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/mutes", .room(.moderateMembers), .moderation, "Lists who may not write.",
        query: MemberPage.query, answers: [.ok(.mutes)], errors: [.roomCursor],
        handler: { call in try .json(.ok, try MemberPage(call).cut(try await call.room.mutes, as: "mutes")) }),
      Endpoint(
        .put, "/api/v1/rooms/{room}/mutes/{user}", .room(.moderateMembers), .moderation,
        "Keeps a user from writing, for a while or for ever.", body: .optionalJSON(.sanctionRequest),
        answers: [.ok(.sanction)], errors: Self.sanctionErrors, handler: mute),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/mutes/{user}", .room(.moderateMembers), .moderation,
        "Lets a user write again.", answers: [.noContent], handler: unmute),
    ]
  }

  private var bans: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/bans", .room(.moderateMembers), .moderation, "Lists who may not come in.",
        query: MemberPage.query, answers: [.ok(.roomBans)], errors: [.roomCursor],
        handler: { call in try .json(.ok, try MemberPage(call).cut(try await call.room.bans, as: "bans")) }),
      Endpoint(
        .put, "/api/v1/rooms/{room}/bans/{user}", .room(.moderateMembers), .moderation,
        "Puts a user out of the room and keeps him out.", body: .optionalJSON(.sanctionRequest),
        answers: [.ok(.sanction)], errors: Self.sanctionErrors, handler: ban),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/bans/{user}", .room(.moderateMembers), .moderation,
        "Lets a user come in again.", answers: [.noContent], handler: unban),
    ]
  }

  private var admins: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/admins", .room(.seeAdmins), .moderation, "Lists the host's helpers.",
        query: MemberPage.query, answers: [.ok(.admins)], errors: [.roomCursor],
        handler: { call in try .json(.ok, try MemberPage(call).cut(try await call.room.admins, as: "admins")) }),
      Endpoint(
        .put, "/api/v1/rooms/{room}/admins/{user}", .room(.manageAdmins), .moderation, "Makes a user a helper.",
        answers: [.noContent],
        errors: [.userUnknown, .rule(.adminIsHost), .rule(.adminLimit), .rule(.userBanned)], handler: setAdmin(true)),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/admins/{user}", .room(.manageAdmins), .moderation,
        "Takes a helper's rights back.", answers: [.noContent], errors: [.userUnknown, .rule(.adminIsHost)],
        handler: setAdmin(false)),
    ]
  }

  @Sendable private func mute(_ call: Call) async throws -> Response {
    let (user, terms) = (try await target(call), try await terms(call))
    return try .json(.ok, try await call.room.mute(user, terms, by: try call.person))
  }

  @Sendable private func unmute(_ call: Call) async throws -> Response {
    try await call.room.unmute(try call.part("user"), by: try call.person)
    return .noContent
  }

  @Sendable private func ban(_ call: Call) async throws -> Response {
    let (user, terms) = (try await target(call), try await terms(call))
    return try .json(.ok, try await call.room.ban(user, terms, by: try call.person))
  }

  @Sendable private func unban(_ call: Call) async throws -> Response {
    try await call.room.unban(try call.part("user"), by: try call.person)
    return .noContent
  }

  private func setAdmin(_ isAdmin: Bool) -> Endpoint.Handler {
    { call in
      try await call.room.setAdmin(try await target(call), isAdmin, by: try call.person)
      return .noContent
    }
  }

  private func target(_ call: Call) async throws -> Person {
    guard let user = try await plane.identity.find(try call.part("user")) else { throw APIError.userUnknown }
    return user
  }

  /// No body at all means for ever and without a reason.
  private func terms(_ call: Call) async throws -> SanctionTerms {
    let body = try await call.optionalJSON(SanctionRequest.self)
    return SanctionTerms(seconds: body?.seconds, reason: body?.reason)
  }
}
