import HTTPTypes
import Hummingbird
import Signaling

/// Applications, invitations and participants.
struct StageEndpoints: Sendable {
  let plane: ControlPlane

  private struct ApplicationRequest: Decodable {
    let media: StageRequest.Media
    let message: String?
  }
  private struct Refusal: Decodable { let reason: String? }
  private struct InvitationRequest: Decodable {
    let userId: String
    let media: StageRequest.Media?
  }
  private struct ControlsRequest: Decodable {
    let muted: Bool?
    let volume: Double?
    let camera: Bool?
  }

  var all: [Endpoint] { applications + invitations + participants }

  private var applications: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/applications", .room(.apply), .stage, "Applies to come on stage.",
        body: .json(.applicationRequest), answers: [.created(.stageRequest)],
        errors: [
          .rule(.participantExists), .rule(.applicationPending), .rule(.applicationTooOften),
          .rule(.applicationQueueFull), .textRefused, .moderationUnavailable, .moderationBusy,
          .rule(.applicationMessageInvalid), .rule(.applicationClosedByHost), .rule(.chatMuted),
          .rule(.applicationDuringLink),
          .rule(.roomFull),
        ],
        handler: apply),
      Endpoint(
        .get, "/api/v1/rooms/{room}/applications", .room(.enter), .stage,
        "Lists pending applications, oldest first: all for helpers, one's own for others.", query: Self.paging,
        answers: [.ok(.applications)], errors: [.roomCursor],
        handler: list(.application)),
      answer(
        .post, "/api/v1/rooms/{room}/applications/{id}/accept", .answerApplications, .application, .accept,
        "Takes an applicant on stage."),
      answer(
        .post, "/api/v1/rooms/{room}/applications/{id}/reject", .answerApplications, .application, .reject,
        "Refuses an applicant."),
      answer(
        .post, "/api/v1/rooms/{room}/applications/{id}/cancel", .enter, .application, .cancel,
        "Takes one's application back."),
    ]
  }

  private var invitations: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/invitations", .room(.invite), .stage, "Invites a user on stage.",
        body: .json(.invitationRequest), answers: [.created(.stageRequest)],
        errors: [
          .userUnknown, .rule(.participantExists), .rule(.invitationPending), .rule(.invitationQueueFull),
          .rule(.roomFull), .rule(.applicationDuringLink), .rule(.applicationTooOften),
        ],
        handler: invite),
      Endpoint(
        .get, "/api/v1/rooms/{room}/invitations", .room(.enter), .stage,
        "Lists pending invitations, oldest first: all for helpers, one's own for others.", query: Self.paging,
        answers: [.ok(.invitations)], errors: [.roomCursor],
        handler: list(.invitation)),
      answer(
        .post, "/api/v1/rooms/{room}/invitations/{id}/accept", .enter, .invitation, .accept, "Accepts an invitation."
      ),
      answer(
        .post, "/api/v1/rooms/{room}/invitations/{id}/reject", .enter, .invitation, .reject, "Refuses an invitation."
      ),
      answer(
        .post, "/api/v1/rooms/{room}/invitations/{id}/cancel", .invite, .invitation, .cancel,
        "Takes an invitation back."),
    ]
  }

  private var participants: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/participants", .anyone, .stage, "Lists who is on stage, the host first.",
        answers: [.ok(.participants)],
        errors: [.roomUnknown, .rule(.roomEnded), .rule(.roomBanned), .rule(.userBanned)],
        handler: showParticipants),
      Endpoint(
        .patch, "/api/v1/rooms/{room}/participants/{user}", .room(.changeParticipant), .stage,
        "Changes how a participant appears: helpers anybody, a co-host himself.", body: .json(.controls),
        answers: [.ok(.participant)],
        errors: [
          .rule(.participantUnknown), .rule(.volumeInvalid), .rule(.participantMutedByHost), .mediaRefusals,
        ],
        handler: control),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/participants/{user}", .room(.changeParticipant), .stage,
        "Leaves the stage, or takes somebody off it.",
        query: [.optional("reason", .string(max: 100), "Told to who is taken off.")], answers: [.noContent],
        errors: [
          .rule(.participantUnknown), .rule(.reasonInvalid), .rule(.chatMuted), .rule(.chatFiltered), .mediaRefusals,
        ],
        handler: remove),
    ]
  }

  private static let paging: [Field] = [
    .optional("cursor", .text, "`next` of the page before."),
    .optional("limit", .integer(1...100), "Without it: 100."),
  ]

  private func answer(
    _ method: HTTPRequest.Method, _ path: String, _ permission: Permission, _ origin: StageRequest.Origin,
    _ answer: StageRequest.Answer, _ summary: String
  ) -> Endpoint {
    let errors: [APIError] =
      origin == .application
      ? [.rule(.applicationUnknown), .rule(.applicationClosed)]
      : [.rule(.invitationUnknown), .rule(.invitationClosed)]
    return Endpoint(
      method, path, .room(permission), .stage, summary,
      body: answer == .reject ? .optionalJSON(.stageRefusal) : .none, answers: [.ok(.stageRequest)],
      errors: errors + (answer == .accept ? [.rule(.roomFull), .rule(.applicationDuringLink)] : [])
        + (answer == .reject ? [.rule(.reasonInvalid), .rule(.chatMuted), .rule(.chatFiltered)] : []),
      handler: give(answer, origin))
  }

  @Sendable private func apply(_ call: Call) async throws -> Response {
    let body = try await call.json(ApplicationRequest.self)
    return try .json(
      .created, try await call.room.apply(media: body.media, message: body.message ?? "", by: try call.knownCaller))
  }

  @Sendable private func invite(_ call: Call) async throws -> Response {
    let body = try await call.json(InvitationRequest.self)
    guard let guest = try await plane.identity.find(body.userId) else { throw APIError.userUnknown }
    return try .json(
      .created, try await call.room.invite(guest, media: body.media ?? .video, by: try call.person))
  }

  private func list(_ origin: StageRequest.Origin) -> Endpoint.Handler {
    { call in
      let cursor = call.query("cursor").flatMap { $0.isEmpty ? nil : $0 } ?? "0"
      guard let after = Int(cursor), after >= 0 else { throw APIError.roomCursor }
      let limit = try RoomListRequest.limit(call.query("limit") ?? "100")
      let person = try call.person
      return try .json(.ok, try await call.room.requests(origin, for: person, after: after, limit: limit))
    }
  }

  private func give(_ answer: StageRequest.Answer, _ origin: StageRequest.Origin) -> Endpoint.Handler {
    { call in
      let (id, person) = (try call.part("id"), try call.person)
      let reason = answer == .reject ? try await call.optionalJSON(Refusal.self)?.reason : nil
      return try .json(.ok, try await call.room.answer(answer, origin, id: id, reason: reason ?? "", by: person))
    }
  }

  @Sendable private func showParticipants(_ call: Call) async throws -> Response {
    try .json(.ok, ["participants": await plane.room(shownBy: call).participants])
  }

  @Sendable private func control(_ call: Call) async throws -> Response {
    let body = try await call.json(ControlsRequest.self)
    let change = ControlsChange(muted: body.muted, volume: body.volume, camera: body.camera)
    return try .json(.ok, try await call.room.control(try call.part("user"), change, by: try call.person))
  }

  @Sendable private func remove(_ call: Call) async throws -> Response {
    try await call.room.remove(try call.part("user"), reason: call.query("reason"), by: try call.person)
    return .noContent
  }
}
