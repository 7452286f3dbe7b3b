import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// Sessions and rooms.
struct RoomRoutes: Sendable {
  let plane: ControlPlane

  private struct SessionRequest: Decodable { let name: String }
  private struct SessionReply: Encodable {
    let userId: String
    let token: String
    let name: String
  }
  private struct RoomRequest: Decodable {
    struct Video: Decodable {
      let width: Int?
      let height: Int?
      let frameRate: Int?
      let bitrate: Int?
    }
    let title: String
    let layout: String?
    let video: Video?
  }
  private struct RoomPatch: Decodable {
    let title: String?
    let layout: String?
    let cover: String?
    let notice: String?
    let category: String?
    let tags: [String]?
    let settings: SettingsChange?

    var change: RoomChange {
      var change = RoomChange()
      change.title = title
      change.layout = layout
      change.cover = cover
      change.notice = notice
      change.category = category
      change.tags = tags
      change.settings = settings ?? SettingsChange()
      return change
    }
  }

  func add(to router: Router<APIContext>) {
    router.route("/api/v1/sessions", [.post: openSession])
    router.route("/api/v1/rooms", [.get: list, .post: create])
    router.route("/api/v1/rooms/:room", [.get: show, .patch: change, .delete: end])
  }

  @Sendable private func openSession(_ request: Request, _ context: APIContext) async throws -> Response {
    let body = try await request.json(SessionRequest.self, limit: plane.limits.jsonBody)
    let (person, token) = try await plane.identity.register(name: body.name)
    return try .json(.created, SessionReply(userId: person.id, token: token, name: person.name))
  }

  @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
    let host = try await plane.identity.require(request)
    let body = try await request.json(RoomRequest.self, limit: plane.limits.jsonBody)
    var video = VideoSettings()
    video.width = body.video?.width ?? video.width
    video.height = body.video?.height ?? video.height
    video.frameRate = body.video?.frameRate ?? video.frameRate
    video.bitrate = body.video?.bitrate ?? video.bitrate
    let room = try await plane.rooms.create(title: body.title, layout: body.layout, video: video, host: host)
    var response = try Response.json(.created, await room.body)
    response.headers[.location] = "/api/v1/rooms/\(room.id.rawValue)"
    return response
  }

  @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
    let statuses = try request.query("status").map(Self.status) ?? [.waiting, .live]
    let cursor = try request.query("cursor").flatMap { $0.isEmpty ? nil : $0 }.map(Self.number)
    let limit = try request.query("limit").flatMap { $0.isEmpty ? nil : $0 }.map(Self.number) ?? 20
    guard (1...100).contains(limit) else { throw APIError.roomCursor }
    return try .json(.ok, try await plane.rooms.list(statuses, before: cursor, limit: Int(limit)))
  }

  private static func status(_ text: String) throws(APIError) -> [Room.Status] {
    guard let status = Room.Status(rawValue: text) else { throw .roomCursor }
    return [status]
  }

  private static func number(_ text: String) throws(APIError) -> Int64 {
    guard let number = Int64(text), number > 0 else { throw .roomCursor }
    return number
  }

  @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
    try .json(.ok, try await plane.rooms.body(of: try context.part("room")))
  }

  @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(RoomPatch.self, limit: plane.limits.jsonBody)
    if let layout = body.layout { try plane.rooms.requireLayout(layout) }
    return try .json(.ok, try await room.update(body.change, by: person))
  }

  @Sendable private func end(_ request: Request, _ context: APIContext) async throws -> Response {
    let person = try await plane.identity.require(request)
    try await plane.rooms.end(try context.part("room"), by: person)
    return .noContent
  }
}
