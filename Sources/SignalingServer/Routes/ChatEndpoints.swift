import HTTPTypes
import Hummingbird
import Signaling

/// Chat, likes and gifts.
struct ChatEndpoints: Sendable {
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

  var all: [Endpoint] { messages + likesAndGifts }

  private var messages: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/messages", .room(.chat), .chat, "Says something in the chat.",
        body: .json(.messageRequest), answers: [.created(.message)],
        errors: [
          .rule(.chatEmpty), .rule(.chatTooLong), .rule(.chatTooOften), .rule(.chatSlowMode), .rule(.chatMuted),
          .rule(.chatMutedAll), .rule(.chatFiltered), .chatRefused, .moderationUnavailable, .moderationBusy,
        ],
        handler: say),
      Endpoint(
        .get, "/api/v1/rooms/{room}/messages", .room(.enter), .chat,
        "Shows what was said, oldest first, page by page from the end.",
        query: [
          .optional("before", .text, "`next` of the page before."),
          .optional("limit", .integer(1...200), "50 unless given."),
        ],
        answers: [.ok(.messages)], errors: [.roomCursor], handler: list),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/messages/{id}", .room(.enter), .chat,
        "Takes a message out of the chat: one's own, or as host or admin others'.", answers: [.noContent],
        errors: [.rule(.chatUnknown)], handler: delete),
      Endpoint(
        .post, "/api/v1/rooms/{room}/announcements", .room(.announce), .chat, "Speaks with the voice of the system.",
        body: .json(.announcementRequest), answers: [.created(.message)],
        errors: [
          .rule(.announcementInvalid), .rule(.chatTooOften), .rule(.chatMuted), .rule(.chatFiltered), .chatRefused,
          .moderationUnavailable, .moderationBusy,
        ],
        handler: announce),
    ]
  }

  private var likesAndGifts: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/likes", .room(.like), .chat, "Likes the show.", body: .json(.likeRequest),
        answers: [.accepted(.likes)], errors: [.rule(.likeCount), .rule(.chatTooOften)], handler: like),
      Endpoint(
        .post, "/api/v1/rooms/{room}/gifts", .room(.sendGift), .chat, "Gives a gift; quick repeats make a combo.",
        body: .json(.giftRequest), answers: [.created(.message)],
        errors: [
          .rule(.giftUnknown), .rule(.giftCount), .rule(.chatTooOften), .rule(.chatMuted), .rule(.chatFiltered),
        ],
        handler: give),
      Endpoint(
        .get, "/api/v1/gifts", .anyone, .chat, "Lists the gifts there are.", answers: [.ok(.gifts)], handler: gifts),
    ]
  }

  @Sendable private func say(_ call: Call) async throws -> Response {
    let body = try await call.json(MessageRequest.self)
    return try .json(.created, try await call.room.say(body.kind ?? .text, body.text, by: try call.knownCaller))
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let limit = call.query("limit").map { Int($0) ?? 0 } ?? 50
    guard (1...200).contains(limit) else { throw APIError.roomCursor }
    let before = call.query("before").flatMap { $0.isEmpty ? nil : $0 }
    guard before?.hasPrefix("m_") ?? true else { throw APIError.roomCursor }
    return try .json(.ok, await call.room.messages(before: before, limit: limit))
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    try await call.room.deleteMessage(try call.part("id"), by: try call.person)
    return .noContent
  }

  @Sendable private func announce(_ call: Call) async throws -> Response {
    let body = try await call.json(AnnouncementRequest.self)
    return try .json(.created, try await call.room.announce(body.text, by: try call.knownCaller))
  }

  @Sendable private func like(_ call: Call) async throws -> Response {
    let body = try await call.json(LikeRequest.self)
    return try .json(.accepted, ["likes": try await call.room.like(body.count, by: try call.person)])
  }

  @Sendable private func give(_ call: Call) async throws -> Response {
    let body = try await call.json(GiftRequest.self)
    return try .json(.created, try await call.room.give(body.giftId, count: body.count, by: try call.person))
  }

  @Sendable private func gifts(_ call: Call) async throws -> Response {
    try .json(.ok, ["gifts": plane.environment.gifts.gifts])
  }
}
