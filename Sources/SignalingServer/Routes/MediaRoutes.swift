import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// WHIP (RFC 9725) and WHEP.
struct MediaRoutes: Sendable {
  let plane: ControlPlane

  private static let offer = "application/sdp"
  private static let fragment = "application/trickle-ice-sdpfrag"

  func add(to router: Router<APIContext>) {
    router.route("/whip/:room", [.post: publish, .options: describe])
    router.route("/whep/:room", [.post: play, .options: describe])
    for endpoint in [SessionEndpoint.whip, .whep] {
      router.route(
        "/\(endpoint.rawValue)/:room/:session",
        [.patch: patch(endpoint), .delete: close(endpoint), .options: describe])
    }
  }

  @Sendable private func publish(_ request: Request, _ context: APIContext) async throws -> Response {
    let (room, person) = try await plane.subject(request, context)
    try await room.checked { room, now throws(SignalingError) in try room.requirePublishing(person, at: now) }
    let offer = try await readOffer(request)
    return answer(try await room.publish(by: person, offer: offer, address: context.address), .whip, room)
  }

  @Sendable private func play(_ request: Request, _ context: APIContext) async throws -> Response {
    let caller = try await plane.identity.optional(request)
    let room = try await plane.room(context)
    guard let source = request.query("stage") else {
      let offer = try await readOffer(request)
      return answer(try await room.watch(by: caller, offer: offer, address: context.address), .whep, room)
    }
    guard let caller else { throw APIError.authRequired }
    try await room.requireReceiving(source, by: caller)
    let offer = try await readOffer(request)
    let height = request.query("height").flatMap { Int($0) }
    let session = try await room.receive(source, height: height, by: caller, offer: offer, address: context.address)
    return answer(session, .whep, room)
  }

  /// Looks only at what costs the worker nothing to be spared.
  private func readOffer(_ request: Request) async throws -> String {
    let offer = try await request.sdp(Self.offer, limit: plane.limits.sdpBody)
    // Bytes, not characters: CR LF is one character.
    let bytes = offer.utf8
    guard bytes.starts(with: "v=0".utf8), bytes.firstRange(of: "\nm=".utf8) != nil,
      bytes.count(where: { $0 == 0x0A }) <= 1000
    else { throw APIError.sdpMalformed }
    return offer
  }

  private func answer(_ session: OpenedSession, _ endpoint: SessionEndpoint, _ room: LiveRoom) -> Response {
    var response = Response.text(.created, Self.offer, session.answer)
    response.headers[.location] = "/\(endpoint.rawValue)/\(room.id.rawValue)/\(session.id.rawValue)"
    response.headers[.eTag] = "\"\(session.tag)\""
    response.headers[.acceptPatch] = Self.fragment
    return response
  }

  private func patch(_ endpoint: SessionEndpoint) -> Handler {
    { request, context in
      let caller = try await plane.identity.optional(request)
      let room = try await roomOfSession(context)
      let id = SessionID(rawValue: try context.part("session"))
      let fragment = try await request.sdp(Self.fragment, limit: plane.limits.sdpBody)
      let condition = request.headers[.ifMatch].map(EntityCondition.init)
      let answer = try await room.patch(id, endpoint: endpoint, by: caller?.id, if: condition, fragment: fragment)
      if answer.fragment.isEmpty { return .noContent }
      var response = Response.text(.ok, Self.fragment, answer.fragment)
      response.headers[.eTag] = "\"\(answer.tag)\""
      return response
    }
  }

  private func close(_ endpoint: SessionEndpoint) -> Handler {
    { request, context in
      let caller = try await plane.identity.optional(request)
      let room = try await roomOfSession(context)
      try await room.close(SessionID(rawValue: try context.part("session")), endpoint: endpoint, by: caller?.id)
      return .noContent
    }
  }

  /// Sessions of a room that is over are gone like any other unknown session.
  private func roomOfSession(_ context: APIContext) async throws -> LiveRoom {
    do {
      return try await plane.room(context)
    } catch let error as APIError where error.status == .gone || error.status == .notFound {
      throw APIError.sessionUnknown
    }
  }

  @Sendable private func describe(_ request: Request, _ context: APIContext) async throws -> Response {
    Response(status: .noContent, headers: [.acceptPost: Self.offer, .acceptPatch: Self.fragment])
  }
}

extension MediaRoutes {
  static func isMediaPath(_ path: String) -> Bool { path.hasPrefix("/whip/") || path.hasPrefix("/whep/") }

  /// Pages anywhere may publish and play: the token is in a header, never in a cookie.
  static func openToAllOrigins(_ response: inout Response) {
    response.headers[.accessControlAllowOrigin] = "*"
    response.headers[.accessControlAllowMethods] = "POST, PATCH, DELETE, OPTIONS"
    response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type, If-Match"
    response.headers[.accessControlExposeHeaders] = "Location, ETag, Link, Accept-Patch, Accept-Post"
    response.headers[.accessControlMaxAge] = "86400"
  }
}

extension HTTPField.Name {
  static let acceptPost = Self("Accept-Post")!
  static let acceptPatch = Self("Accept-Patch")!
}
