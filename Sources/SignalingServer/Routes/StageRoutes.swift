import HTTPTypes
import Hummingbird
import Signaling

/// Applications, invitations and participants.
struct StageRoutes: Sendable {
  let plane: ControlPlane

  private struct ApplicationRequest: Decodable { let media: StageRequest.Media }
  private struct InvitationRequest: Decodable {
    let userId: String
    let media: StageRequest.Media?
  }
  private struct ControlsRequest: Decodable {
    let muted: Bool?
    let volume: Double?
    let camera: Bool?
  }

  func add(to router: Router<APIContext>) {
    let base = "/api/v1/rooms/:room"
    router.route("\(base)/applications", [.post: apply, .get: list(.application)])
    router.route("\(base)/invitations", [.post: invite, .get: list(.invitation)])
    for answer in StageRequest.Answer.allCases {
      router.route("\(base)/applications/:id/\(answer.rawValue)", [.post: give(answer, .application)])
      router.route("\(base)/invitations/:id/\(answer.rawValue)", [.post: give(answer, .invitation)])
    }
    router.route("\(base)/participants", [.get: participants])
    router.route("\(base)/participants/:user", [.patch: control, .delete: remove])
  }

  @Sendable private func apply(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(ApplicationRequest.self, limit: plane.limits.jsonBody)
    return try .json(.created, try await room.apply(media: body.media, by: person))
  }

  @Sendable private func invite(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(InvitationRequest.self, limit: plane.limits.jsonBody)
    try await room.checked { room, now throws(SignalingError) in
      try room.requireOpen(.invite, of: person, at: now)
    }
    guard let guest = try await plane.identity.find(body.userId) else { throw APIError.userUnknown }
    return try .json(.created, try await room.invite(guest, media: body.media ?? .video, by: person))
  }

  private func list(_ origin: StageRequest.Origin) -> Handler {
    { request, context in
      let (room, person) = try await plane.subject(request, context)
      return try .json(.ok, ["\(origin.rawValue)s": await room.requests(origin, for: person)])
    }
  }

  private func give(_ answer: StageRequest.Answer, _ origin: StageRequest.Origin) -> Handler {
    { request, context in
      let (room, person) = try await plane.subject(request, context)
      let id = try context.part("id")
      return try .json(.ok, try await room.answer(answer, origin, id: id, by: person))
    }
  }

  @Sendable private func participants(_ request: Request, _ context: APIContext) async throws -> Response {
    try .json(.ok, ["participants": await plane.room(context).participants])
  }

  @Sendable private func control(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(ControlsRequest.self, limit: plane.limits.jsonBody)
    let change = ControlsChange(muted: body.muted, volume: body.volume, camera: body.camera)
    return try .json(.ok, try await room.control(try context.part("user"), change, by: person))
  }

  @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.remove(try context.part("user"), by: person)
    return .noContent
  }
}
