import HTTPTypes
import Hummingbird
import Signaling

/// Rooms that may not be live.
struct RoomBanEndpoints: Sendable {
  let plane: ControlPlane

  private struct BanRequest: Decodable { let reason: String? }

  var all: [Endpoint] {
    [
      Endpoint(
        .put, "/api/v1/room-bans/{room}", .operators, .moderation,
        "Ends a room and keeps it from being live again, also one that is over.",
        body: .optionalJSON(.closeRequest), answers: [.noContent],
        errors: [.roomUnknown, .roomUnavailable, .rule(.warningInvalid), .mediaRefusals], handler: ban),
      Endpoint(
        .delete, "/api/v1/room-bans/{room}", .operators, .moderation,
        "Lifts the ban of a room; one that the ban has ended waits for its host again.", answers: [.noContent],
        errors: [.roomBanUnknown, .roomUnavailable], handler: lift),
      Endpoint(
        .get, "/api/v1/room-bans/{room}", .operators, .moderation, "Shows the ban of a room.",
        answers: [.ok(.roomBan)], errors: [.roomBanUnknown], handler: show),
      Endpoint(
        .get, "/api/v1/room-bans", .operators, .moderation, "Lists banned rooms, the newest ban first.",
        query: SequencePage.query, answers: [.ok(.bannedRooms)], errors: [.roomCursor], handler: list),
    ]
  }

  @Sendable private func ban(_ call: Call) async throws -> Response {
    let reason = try await call.optionalJSON(BanRequest.self)?.reason
    try await plane.rooms.ban(try call.part("room"), reason: reason, by: try call.person)
    return .noContent
  }

  @Sendable private func lift(_ call: Call) async throws -> Response {
    try await plane.rooms.liftBan(of: try call.part("room"), by: try call.person)
    return .noContent
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try .json(.ok, RoomBanBody(try await plane.rooms.roomBan(try call.part("room"))))
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let wanted = try SequencePage({ call.query($0) }, refusal: .roomCursor)
    let found = try await plane.rooms.store { try await $0.roomBans(before: wanted.before, limit: wanted.lookAhead) }
    let (page, next) = wanted.cut(found) { $0.sequence }
    return try .json(.ok, RoomBanListBody(roomBans: page.map(RoomBanBody.init), next: next))
  }
}

/// A room's ban as the API shows it.
private struct RoomBanBody: Encodable, Sendable {
  let roomId: String
  let title: String
  let hostId: String
  let hostName: String
  let reason: String
  let bannedBy: String
  let createdAt: String

  init(_ ban: StoredRoomBan) {
    roomId = ban.room
    title = ban.title
    hostId = ban.host.id
    hostName = ban.host.name
    reason = ban.reason
    bannedBy = ban.bannedBy
    createdAt = RoomBody.text(ban.createdAt)
  }
}

private struct RoomBanListBody: Encodable, Sendable {
  let roomBans: [RoomBanBody]
  @OrNull private(set) var next: String?

  init(roomBans: [RoomBanBody], next: String?) {
    self.roomBans = roomBans
    self.next = next
  }
}
