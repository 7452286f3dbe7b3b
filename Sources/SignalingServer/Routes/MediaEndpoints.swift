import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// WHIP (RFC 9725) and WHEP.
struct MediaEndpoints: Sendable {
  let plane: ControlPlane

  private static let offer = "application/sdp"
  private static let fragment = "application/trickle-ice-sdpfrag"

  var all: [Endpoint] { publishing + watching }

  private var publishing: [Endpoint] {
    [
      Endpoint(
        .post, "/whip/{room}", .room(.takePart), .media, "Publishes into the room (WHIP, RFC 9725).",
        query: [
          .optional("page", .string(min: 1, max: 64), "What the page calls itself: letters, digits, `_` and `-`."),
          .optional("renewal", .boolean, "With `page`: it goes on, and takes over from no other page of its user."),
        ],
        body: .text(Self.offer), answers: [.text(.created, Self.offer)],
        errors: [.badQuery, .sdpRefusals, .sdpNoCodec, .sdpTooLarge, .mediaRefusals, .sessionReplaced],
        handler: publish),
      Endpoint(
        .patch, "/whip/{room}/{session}", .anyone, .media, "Trickles candidates or restarts ICE of a publication.",
        body: .text(Self.fragment), answers: [.noContent, .text(.ok, Self.fragment)],
        errors: Self.sessionErrors + [.sessionReplaced], handler: patch(.whip)),
      Endpoint(
        .delete, "/whip/{room}/{session}", .anyone, .media, "Ends a publication.", answers: [.noContent],
        errors: [.sessionUnknown, .sessionReplaced], handler: close(.whip)),
      options("/whip/{room}"), options("/whip/{room}/{session}"),
    ]
  }

  private var watching: [Endpoint] {
    [
      Endpoint(
        .post, "/whep/{room}", .anyone, .media, "Watches the programme, or receives a participant (WHEP).",
        query: [
          .optional("stage", .text, "Receive this participant; only for participants."),
          .optional("height", .integer(), "How many lines high he is shown; 360 unless given."),
        ],
        body: .text(Self.offer), answers: [.text(.created, Self.offer)],
        errors: [
          .authRequired, APIError(.forbidden), .roomUnknown, .rule(.roomEnded), .rule(.userBanned),
          .rule(.participantUnknown),
          .viewersFull, .sdpRefusals, .sdpNoCodec, .sdpTooLarge, .mediaRefusals,
        ],
        handler: play),
      Endpoint(
        .patch, "/whep/{room}/{session}", .anyone, .media, "Trickles candidates or restarts ICE of a viewer.",
        body: .text(Self.fragment), answers: [.noContent, .text(.ok, Self.fragment)], errors: Self.sessionErrors,
        handler: patch(.whep)),
      Endpoint(
        .delete, "/whep/{room}/{session}", .anyone, .media, "Ends watching.", answers: [.noContent],
        errors: [.sessionUnknown], handler: close(.whep)),
      options("/whep/{room}"), options("/whep/{room}/{session}"),
    ]
  }

  private static let sessionErrors: [APIError] = [
    .sessionUnknown, .sessionChanged, .sdpRefusals, .sdpTooLarge, .mediaRefusals,
  ]

  private func options(_ path: String) -> Endpoint {
    Endpoint(
      .options, path, .open, .media, "Says what the path takes.", answers: [.noContent],
      handler: { _ in
        Response(status: .noContent, headers: [.acceptPost: Self.offer, .acceptPatch: Self.fragment])
      })
  }

  @Sendable private func publish(_ call: Call) async throws -> Response {
    let (room, person) = (try call.room, try call.person)
    let (caller, page) = (try call.knownCaller, try PublishingPage { call.query($0) })
    try await room.checked { room, now throws(SignalingError) in try room.requirePublishing(person, at: now) }
    let offer = try await readOffer(call)
    let session = try await room.publish(by: caller, from: page, offer: offer, address: call.context.address)
    return answer(session, .whip, room)
  }

  @Sendable private func play(_ call: Call) async throws -> Response {
    let room = try await plane.room(call.context)
    let address = call.context.address
    guard let source = call.query("stage") else {
      let offer = try await readOffer(call)
      return answer(try await room.watch(by: call.caller, offer: offer, address: address), .whep, room)
    }
    let person = try call.person
    let caller = try call.knownCaller
    try await room.requireReceiving(source, by: person)
    let offer = try await readOffer(call)
    let height = call.query("height").flatMap { Int($0) }
    let session = try await room.receive(source, height: height, by: caller, offer: offer, address: address)
    return answer(session, .whep, room)
  }

  /// Looks only at what costs the worker nothing to be spared.
  private func readOffer(_ call: Call) async throws -> String {
    let offer = try await call.sdp(Self.offer)
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

  private func patch(_ endpoint: SessionEndpoint) -> Endpoint.Handler {
    { call in
      let room = try await roomOfSession(call.context)
      let id = SessionID(rawValue: try call.part("session"))
      let fragment = try await call.sdp(Self.fragment)
      let condition = call.request.headers[.ifMatch].map(EntityCondition.init)
      let answer = try await room.patch(
        id, endpoint: endpoint, by: call.caller?.person?.id, if: condition, fragment: fragment)
      if answer.fragment.isEmpty { return .noContent }
      var response = Response.text(.ok, Self.fragment, answer.fragment)
      response.headers[.eTag] = "\"\(answer.tag)\""
      return response
    }
  }

  private func close(_ endpoint: SessionEndpoint) -> Endpoint.Handler {
    { call in
      let room = try await roomOfSession(call.context)
      let id = SessionID(rawValue: try call.part("session"))
      try await room.close(id, endpoint: endpoint, by: call.caller?.person?.id)
      return .noContent
    }
  }

  /// Sessions of a room that is over are gone like any other unknown session.
  private func roomOfSession(_ context: APIContext) async throws(APIError) -> LiveRoom {
    do throws(APIError) {
      return try await plane.room(context)
    } catch  where error.status == .gone || error.status == .notFound {
      throw APIError.sessionUnknown
    }
  }
}

extension MediaEndpoints {
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
