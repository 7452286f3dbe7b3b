import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// Rooms: made, found, changed, ended, forgotten.
struct RoomEndpoints: Sendable {
  let plane: ControlPlane

  private struct Reason: Decodable { let reason: String? }
  private struct Warning: Decodable { let text: String }

  var all: [Endpoint] { rooms + operating }

  /// How many rooms that are not over a host may have.
  private func openRooms(of caller: Caller?) -> Int {
    switch caller?.kind {
    case .guest, nil: plane.limits.roomsPerGuest
    case .account, .backend: plane.limits.roomsPerAccount
    case .operator: .max
    }
  }

  private var rooms: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms", .userOrBackend, .rooms,
        "Makes a room; the caller becomes its host, or the user whom a backend names.",
        body: .json(.roomRequest), answers: [.created(.room)],
        errors: Self.refusals + [
          .roomVideo, .layoutUnknown, .roomLimit, .roomTooMany, .roomTooOften, .userUnknown,
        ], handler: create),
      Endpoint(
        .get, "/api/v1/rooms", .anyone, .rooms, "Lists rooms, the newest or the hottest first.",
        query: [
          .optional("status", .choice(["waiting", "live", "ended"]), "Without it: waiting and live ones."),
          .optional("q", .text, "Part of a title, a host's name or a tag, or the whole id of a room."),
          .optional("category", .text), .optional("tag", .text), .optional("host", .text, "The id of the host."),
          .optional("sort", .choice(["newest", "hottest"])),
          .optional("cursor", .text, "`next` of the page before."), .optional("limit", .integer(1...100)),
        ],
        answers: [.ok(.roomList)], errors: [.roomCursor, .requestTooOften], handler: list),
      Endpoint(
        .get, "/api/v1/rooms/{room}", .anyone, .rooms, "Shows a room, also one that is over.",
        answers: [.ok(.room)], errors: [.roomUnknown], handler: show),
      Endpoint(
        .patch, "/api/v1/rooms/{room}", .room(.moderateRoom), .rooms,
        "Changes a room: the host all of it, admins notice, mute-all, slow mode and word filter.",
        body: .json(.roomChange),
        answers: [.ok(.room)],
        errors: Self.refusals + [
          .rule(.stageOccupied), .rule(.chatMuted), .rule(.noticeTooOften), .layoutUnknown, .layoutRefusals,
          .mediaRefusals,
        ],
        handler: change),
      Endpoint(
        .delete, "/api/v1/rooms/{room}", .room(.endRoom), .rooms, "Ends a room for everybody.",
        answers: [.noContent], errors: [.mediaRefusals], handler: end),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/data", .owner, .rooms, "Removes all that is kept of a room that is over.",
        answers: [.noContent], errors: [.roomOpen, .roomUnavailable, .rule(.roomBanned)], handler: erase),
    ]
  }

  private static let refusals: [APIError] = [
    .textRefused, .moderationUnavailable, .moderationBusy, .rule(.titleInvalid), .rule(.coverInvalid),
    .rule(.noticeInvalid), .rule(.categoryInvalid), .rule(.tagsInvalid), .rule(.chatFiltered),
    .rule(.stageInvalid), .rule(.requestTimeoutInvalid), .rule(.slowModeInvalid), .rule(.wordFilterInvalid),
  ]

  private var operating: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/close", .room(.operate), .moderation,
        "Ends a room from outside; everybody in it is told the reason first.", body: .optionalJSON(.closeRequest),
        answers: [.noContent], errors: [.rule(.warningInvalid), .mediaRefusals], handler: close),
      Endpoint(
        .post, "/api/v1/rooms/{room}/warn", .room(.operate), .moderation, "Says something to everybody in a room.",
        body: .json(.warning), answers: [.noContent], errors: [.rule(.warningInvalid)], handler: warn),
    ]
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let wish = try await call.json(RoomWish.self)
    guard wish.title != nil else { throw APIError.fieldMissing("title") }
    let host = try await host(wish.hostId, call)
    let isBackend = call.caller?.kind == .backend
    let room = try await isBackend ? make(wish, for: host, call) : makeAtPace(wish, for: host, call)
    var response = try Response.json(.created, await room.body(for: host))
    response.headers[.location] = "/api/v1/rooms/\(room.id.rawValue)"
    return response
  }

  /// A room that is not made does not count.
  private func makeAtPace(_ wish: RoomWish, for host: Person, _ call: Call) async throws(APIError) -> LiveRoom {
    // Who has all the rooms he may is told so, however often he asks: waiting would not help him.
    try await plane.rooms.requireOpenRooms(of: host, below: openRooms(of: call.caller))
    let address = guestAddress(call)
    try plane.rooms.pace.take(host, from: address)
    do throws(APIError) {
      return try await make(wish, for: host, call)
    } catch {
      plane.rooms.pace.giveBack(host, from: address)
      throw error
    }
  }

  private func make(_ wish: RoomWish, for host: Person, _ call: Call) async throws(APIError) -> LiveRoom {
    let change = try await plane.environment.moderator.review(wish.change, room: nil, by: host)
    try call.requireGood()
    try plane.identity.requireUnbanned(host.id)
    return try await plane.rooms.create(
      change, video: wish.videoSettings, host: host, limit: openRooms(of: call.caller))
  }

  private func guestAddress(_ call: Call) -> String? {
    call.caller?.kind == .guest && !call.isFromThisMachine ? AddressGroup.of(call.context.address) : nil
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
    try plane.identity.requireUnbanned(id)
    return user.person
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let request = try RoomListRequest { call.query($0) }
    if request.query.isSearch, call.caller == nil, !call.isFromThisMachine {
      try plane.rooms.requireSearchPace(from: AddressGroup.of(call.context.address))
    }
    return try .json(.ok, try await plane.rooms.list(request))
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try .json(.ok, try await plane.rooms.body(of: try call.part("room"), for: call.caller?.person))
  }

  @Sendable private func change(_ call: Call) async throws -> Response {
    let wish = try await call.json(RoomWish.self)
    if let layout = wish.layout { try plane.rooms.requireLayout(layout) }
    let change = try await plane.environment.moderator.review(
      wish.change, room: try call.part("room"), by: try call.person)
    try call.requireGood()
    return try .json(.ok, try await call.room.update(change, by: try call.person))
  }

  @Sendable private func end(_ call: Call) async throws -> Response {
    try await plane.rooms.end(try call.part("room"), by: try call.person)
    return .noContent
  }

  @Sendable private func erase(_ call: Call) async throws -> Response {
    try await plane.rooms.erase(try call.part("room"))
    return .noContent
  }

  @Sendable private func close(_ call: Call) async throws -> Response {
    let reason = try await call.optionalJSON(Reason.self)?.reason
    try await plane.rooms.close(try call.part("room"), reason: reason, by: try call.person)
    return .noContent
  }

  @Sendable private func warn(_ call: Call) async throws -> Response {
    try await call.room.warn(try await call.json(Warning.self).text, by: try call.person)
    return .noContent
  }
}
