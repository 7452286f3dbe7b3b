import HTTPTypes
import Hummingbird
import Signaling

/// Links between rooms, and battles.
struct LinkRoutes: Sendable {
  let plane: ControlPlane

  private struct BattleRequest: Decodable { let duration: Double }
  private struct LinkRequest: Decodable {
    let roomId: String
    let battle: BattleRequest?
  }
  private struct InviteRequest: Decodable { let roomId: String }
  private struct RejectRequest: Decodable { let reason: String? }
  private struct CancelRequest: Decodable { let roomId: String? }

  /// The host of a room, the room and the link that a path names.
  private struct Subject {
    let room: LiveRoom
    let own: LinkParty
    let person: Person
    let link: String
  }

  private var links: LinkService { plane.environment.links }

  func add(to router: Router<APIContext>) {
    let base = "/api/v1/rooms/:room/links"
    router.route("\(base)", [.post: request, .get: list])
    router.route("\(base)/:id", [.delete: leave])
    router.route("\(base)/:id/invite", [.post: invite])
    router.route("\(base)/:id/accept", [.post: accept])
    router.route("\(base)/:id/reject", [.post: reject])
    router.route("\(base)/:id/cancel", [.post: cancel])
    router.route("\(base)/:id/battle", [.post: startBattle, .delete: endBattle])
  }

  @Sendable private func request(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await host(request, context)
    let body = try await request.json(LinkRequest.self, limit: plane.limits.jsonBody)
    let (own, target) = (await room.linkParty, await (try await plane.rooms.room(body.roomId)).linkParty)
    let (id, duration) = (RandomName.make("l_"), body.battle?.duration)
    let link = try await links.change(id) { book, now throws(SignalingError) in
      try book.request(id: id, from: own, to: target, battle: duration, by: person, at: now)
    }
    return try .json(.created, link)
  }

  @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, _) = try await host(request, context)
    return try .json(.ok, ["links": [await room.linkBody(forHost: true)].compactMap { $0 }])
  }

  @Sendable private func invite(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    let body = try await request.json(InviteRequest.self, limit: plane.limits.jsonBody)
    let target = await (try await plane.rooms.room(body.roomId)).linkParty
    return try await change(subject) { book, now throws(SignalingError) in
      try book.invite(target, into: subject.link, from: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func accept(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    return try .json(.ok, try await links.accept(subject.link, as: subject.room, by: subject.person))
  }

  @Sendable private func reject(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    let body = try await request.optionalJSON(RejectRequest.self, limit: plane.limits.jsonBody)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.reject(subject.link, as: subject.own.room, reason: body?.reason, by: subject.person, at: now)
    }
  }

  @Sendable private func cancel(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    let body = try await request.optionalJSON(CancelRequest.self, limit: plane.limits.jsonBody)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.cancel(subject.link, of: body?.roomId, as: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func leave(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    _ = try await change(subject) { book, now throws(SignalingError) in
      try book.leave(subject.link, as: subject.own.room, by: subject.person, at: now)
    }
    return .noContent
  }

  @Sendable private func startBattle(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    let body = try await request.json(BattleRequest.self, limit: plane.limits.jsonBody)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.startBattle(
        subject.link, duration: body.duration, as: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func endBattle(_ request: Request, _ context: APIContext) async throws -> Response {
    let subject = try await subject(request, context)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.endBattle(subject.link, as: subject.own.room, by: subject.person, at: now)
    }
  }

  // MARK: Helpers

  /// Only hosts see and change links.
  private func host(_ request: Request, _ context: APIContext) async throws -> (room: LiveRoom, person: Person) {
    let (room, person) = try await plane.subject(request, context)
    try await room.checked { room, now throws(SignalingError) in
      try room.requireOpen(.manageLinks, of: person, at: now)
    }
    return (room, person)
  }

  private func subject(_ request: Request, _ context: APIContext) async throws -> Subject {
    let (room, person) = try await host(request, context)
    return Subject(room: room, own: await room.linkParty, person: person, link: try context.part("id"))
  }

  private func change(_ subject: Subject, _ operation: @escaping LinkService.Operation) async throws -> Response {
    try .json(.ok, try await links.change(subject.link, operation))
  }
}
