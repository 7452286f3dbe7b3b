import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// Rooms: made, found, changed, ended.
struct RoomEndpoints: Sendable {
  let plane: ControlPlane

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
    let hostId: String?
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

  var all: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms", .userOrBackend, .rooms,
        "Makes a room; the caller becomes its host, or the user whom a backend names.",
        body: .json(.roomRequest), answers: [.created(.room)],
        errors: [
          .rule(.titleInvalid), .roomVideo, .layoutUnknown, .roomLimit, .userUnknown, .textRefused,
          .moderationUnavailable,
        ], handler: create),
      Endpoint(
        .get, "/api/v1/rooms", .anyone, .rooms, "Lists rooms, the newest first.",
        query: [
          .optional("status", .choice(["waiting", "live", "ended"]), "Without it: waiting and live ones."),
          .optional("cursor", .text, "`next` of the page before."), .optional("limit", .integer(1...100)),
        ],
        answers: [.ok(.roomList)], errors: [.roomCursor], handler: list),
      Endpoint(
        .get, "/api/v1/rooms/{room}", .anyone, .rooms, "Shows a room, also one that is over.",
        answers: [.ok(.room)], errors: [.roomUnknown], handler: show),
      Endpoint(
        .patch, "/api/v1/rooms/{room}", .room(.moderateRoom), .rooms,
        "Changes a room: the host all of it, admins notice, mute-all, slow mode and word filter.",
        body: .json(.roomChange),
        answers: [.ok(.room)],
        errors: [
          .rule(.titleInvalid), .rule(.coverInvalid), .rule(.noticeInvalid), .rule(.categoryInvalid),
          .rule(.tagsInvalid), .rule(.stageInvalid), .rule(.stageOccupied), .rule(.requestTimeoutInvalid),
          .rule(.slowModeInvalid), .rule(.wordFilterInvalid), .layoutUnknown, .layoutRefusals, .mediaRefusals,
          .textRefused,
          .moderationUnavailable,
        ],
        handler: change),
      Endpoint(
        .delete, "/api/v1/rooms/{room}", .room(.endRoom), .rooms, "Ends a room for everybody.",
        answers: [.noContent], errors: [.mediaRefusals], handler: end),
    ]
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let body = try await call.json(RoomRequest.self)
    var video = VideoSettings()
    video.width = body.video?.width ?? video.width
    video.height = body.video?.height ?? video.height
    video.frameRate = body.video?.frameRate ?? video.frameRate
    video.bitrate = body.video?.bitrate ?? video.bitrate
    let room = try await plane.rooms.create(
      title: body.title, layout: body.layout, video: video, host: try await host(body.hostId, call))
    var response = try Response.json(.created, await room.body)
    response.headers[.location] = "/api/v1/rooms/\(room.id.rawValue)"
    return response
  }

  /// Backends open rooms for their own users, users for themselves.
  private func host(_ id: String?, _ call: Call) async throws(APIError) -> Person {
    guard let id, call.caller?.kind == .backend else {
      let person = try call.person
      if let id, id != person.id { throw APIError(.forbidden) }
      return person
    }
    guard let user = try await plane.identity.known(id) else { throw .userUnknown }
    guard user.issuer != nil else { throw APIError(.forbidden) }
    return user.person
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let statuses = try call.query("status").map(Self.status) ?? [.waiting, .live]
    let cursor = try call.query("cursor").flatMap { $0.isEmpty ? nil : $0 }.map(Self.number)
    let limit = try call.query("limit").flatMap { $0.isEmpty ? nil : $0 }.map(Self.number) ?? 20
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

  @Sendable private func show(_ call: Call) async throws -> Response {
    try .json(.ok, try await plane.rooms.body(of: try call.part("room")))
  }

  @Sendable private func change(_ call: Call) async throws -> Response {
    let body = try await call.json(RoomPatch.self)
    if let layout = body.layout { try plane.rooms.requireLayout(layout) }
    return try .json(.ok, try await call.room.update(body.change, by: try call.person))
  }

  @Sendable private func end(_ call: Call) async throws -> Response {
    try await plane.rooms.end(try call.part("room"), by: try call.person)
    return .noContent
  }
}
