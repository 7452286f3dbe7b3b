import HTTPTypes
import Hummingbird
import Signaling

/// What operators tell rooms, in their chats.
struct NoticeEndpoints: Sendable {
  let plane: ControlPlane

  private struct NoticeRequest: Decodable { let text: String }

  var all: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/notices", .room(.operate), .moderation, "Tells a room something in its chat.",
        body: .json(.noticeRequest), answers: [.created(.message)],
        errors: [.rule(.announcementInvalid), .rule(.chatTooOften)], handler: notify),
      Endpoint(
        .post, "/api/v1/notices", .operators, .moderation, "Tells every live room something in its chat.",
        body: .json(.noticeRequest), answers: [.accepted(.noticeReceipt)],
        errors: [.rule(.announcementInvalid), .noticeTooOften], handler: notifyAll),
    ]
  }

  @Sendable private func notify(_ call: Call) async throws -> Response {
    let body = try await call.json(NoticeRequest.self)
    return try .json(.created, try await call.room.notify(body.text, by: try call.person))
  }

  @Sendable private func notifyAll(_ call: Call) async throws -> Response {
    let body = try await call.json(NoticeRequest.self)
    return try .json(.accepted, ["rooms": try await plane.rooms.notify(body.text, by: try call.person)])
  }
}
