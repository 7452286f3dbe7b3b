import HTTPTypes
import Hummingbird
import NIOCore
import Signaling

/// Who may not write, who may not come in, and who helps the host.
struct ModerationRoutes: Sendable {
  let plane: ControlPlane

  private struct SanctionRequest: Decodable {
    var seconds: Int?
    var reason: String?
  }

  func add(to router: Router<APIContext>) {
    let base = "/api/v1/rooms/:room"
    router.route("\(base)/mutes", [.get: list { ["mutes": await $0.mutes] }])
    router.route("\(base)/mutes/:user", [.put: mute, .delete: unmute])
    router.route("\(base)/bans", [.get: list { ["bans": await $0.bans] }])
    router.route("\(base)/bans/:user", [.put: ban, .delete: unban])
    router.route("\(base)/admins", [.get: list { ["admins": await $0.admins] }])
    router.route("\(base)/admins/:user", [.put: setAdmin(true), .delete: setAdmin(false)])
  }

  private func list<Body: Encodable & Sendable>(_ body: @escaping @Sendable (LiveRoom) async -> Body) -> Handler {
    { request, context in
      let (room, person) = try await plane.subject(request, context)
      try await room.checked { room, now throws(SignalingError) in
        try room.requireOpen(.moderateMembers, of: person, at: now)
      }
      return try .json(.ok, await body(room))
    }
  }

  @Sendable private func mute(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let (user, terms) = (try await target(context), try await readTerms(request))
    return try .json(.ok, try await room.mute(user, terms, by: person))
  }

  @Sendable private func unmute(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.unmute(try context.part("user"), by: person)
    return .noContent
  }

  @Sendable private func ban(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let (user, terms) = (try await target(context), try await readTerms(request))
    return try .json(.ok, try await room.ban(user, terms, by: person))
  }

  @Sendable private func unban(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.unban(try context.part("user"), by: person)
    return .noContent
  }

  private func setAdmin(_ isAdmin: Bool) -> Handler {
    { request, context in
      let (room, person) = try await plane.subject(request, context)
      try await room.setAdmin(try await target(context), isAdmin, by: person)
      return .noContent
    }
  }

  private func target(_ context: APIContext) async throws -> Person {
    guard let user = try await plane.identity.find(try context.part("user")) else { throw APIError.userUnknown }
    return user
  }

  /// No body at all means for ever and without a reason.
  private func readTerms(_ request: Request) async throws -> SanctionTerms {
    if request.headers[.contentLength].map({ $0 == "0" }) ?? (request.headers[.transferEncoding] == nil) {
      return SanctionTerms()
    }
    let body = try await request.json(SanctionRequest.self, limit: plane.limits.jsonBody)
    return SanctionTerms(seconds: body.seconds, reason: body.reason)
  }
}
