import HTTPTypes
import Hummingbird
import MediaControl

/// Scene, outputs, statistics and traces.
struct SceneRoutes: Sendable {
  let plane: ControlPlane

  private struct OutputRequest: Decodable { let url: String }
  private struct LayoutBody: Decodable {
    let layout: String
    let options: [String: LayoutOption]?
  }

  func add(to router: Router<APIContext>) {
    let base = "/api/v1/rooms/:room"
    router.route("\(base)/scene", [.get: scene, .put: setLayout])
    router.route("\(base)/outputs", [.get: outputs, .post: addOutput])
    router.route("\(base)/outputs/:id", [.delete: removeOutput])
    router.route("\(base)/stats", [.get: stats])
    router.route("\(base)/trace", [.get: trace])
  }

  @Sendable private func scene(_ request: Request, _ context: APIContext) async throws -> Response {
    try .json(.ok, await plane.room(context).scene)
  }

  @Sendable private func setLayout(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    let body = try await request.json(LayoutBody.self, limit: plane.limits.jsonBody)
    let wanted = LayoutRequest(layout: body.layout, options: body.options ?? [:])
    return try .json(.ok, try await room.setLayout(wanted, by: person))
  }

  @Sendable private func outputs(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    return try .json(.ok, ["outputs": try await room.listOutputs(by: person)])
  }

  @Sendable private func addOutput(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    _ = try await room.listOutputs(by: person)
    let body = try await request.json(OutputRequest.self, limit: plane.limits.jsonBody)
    let url = try OutputURL(body.url)
    if !mayReachPrivate(request) { try await AddressPolicy.requirePublic(url) }
    return try .json(.created, try await room.addOutput(url, by: person))
  }

  private func mayReachPrivate(_ request: Request) -> Bool {
    switch plane.privateOutputs {
    case .never: false
    case .fromThisMachine: request.isFromThisMachine
    case .always: true
    }
  }

  @Sendable private func removeOutput(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.removeOutput(try context.part("id"), by: person)
    return .noContent
  }

  @Sendable private func stats(_ request: Request, _ context: APIContext) async throws -> Response {
    try .json(.ok, try await plane.room(context).stats())
  }

  @Sendable private func trace(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    guard let seconds = Int(request.query("seconds") ?? "10"), (1...60).contains(seconds) else {
      throw APIError(.badRequest, "http.bad-request", "seconds must be between 1 and 60.")
    }
    return .text(.ok, "application/json", try await room.trace(seconds: seconds, by: person))
  }
}
