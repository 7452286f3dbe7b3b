import HTTPTypes
import Hummingbird
import Signaling

/// Chat, likes and gifts.
struct ChatRoutes: Sendable {
  let plane: ControlPlane

  private struct MessageRequest: Decodable {
    let text: String
    let kind: ChatStyle?
  }
  private struct AnnouncementRequest: Decodable { let text: String }
  private struct LikeRequest: Decodable { let count: Int }
  private struct GiftRequest: Decodable {
    let giftId: String
    let count: Int
  }

  func add(to router: Router<APIContext>) {
    let base = "/api/v1/rooms/:room"
    router.route("\(base)/messages", [.post: say, .get: list])
    router.route("\(base)/messages/:id", [.delete: delete])
    router.route("\(base)/announcements", [.post: announce])
    router.route("\(base)/likes", [.post: like])
    router.route("\(base)/gifts", [.post: give])
    router.route("/api/v1/gifts", [.get: gifts])
  }

  @Sendable private func say(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(MessageRequest.self, limit: plane.limits.jsonBody)
    return try .json(.created, try await room.say(body.kind ?? .text, body.text, by: person))
  }

  @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.checked { room, now throws(SignalingError) in try room.requireEntry(person, at: now) }
    let limit = request.query("limit").map { Int($0) ?? 0 } ?? 50
    guard (1...200).contains(limit) else { throw APIError.roomCursor }
    let before = request.query("before").flatMap { $0.isEmpty ? nil : $0 }
    return try .json(.ok, try await room.messages(before: before, limit: limit))
  }

  @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.deleteMessage(try context.part("id"), by: person)
    return .noContent
  }

  @Sendable private func announce(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(AnnouncementRequest.self, limit: plane.limits.jsonBody)
    return try .json(.created, try await room.announce(body.text, by: person))
  }

  @Sendable private func like(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(LikeRequest.self, limit: plane.limits.jsonBody)
    return try .json(.accepted, ["likes": try await room.like(body.count, by: person)])
  }

  @Sendable private func give(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(GiftRequest.self, limit: plane.limits.jsonBody)
    return try .json(.created, try await room.give(body.giftId, count: body.count, by: person))
  }

  @Sendable private func gifts(_ request: Request, _ context: APIContext) async throws -> Response {
    try .json(.ok, ["gifts": plane.environment.gifts.gifts])
  }
}
