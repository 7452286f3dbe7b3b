import HTTPTypes
import Hummingbird
import Signaling

/// Links between rooms, and battles.
struct LinkEndpoints: Sendable {
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

  var all: [Endpoint] { requests + answers + battles }

  private var requests: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/links", .room(.manageLinks), .links, "Asks another room's host for a link.",
        body: .json(.linkRequest), answers: [.created(.link)],
        errors: Self.busy + [.rule(.linkSelf), .rule(.linkTooOften), .rule(.battleDuration)], handler: request),
      Endpoint(
        .get, "/api/v1/rooms/{room}/links", .room(.manageLinks), .links, "Shows the room's link and what is asked.",
        answers: [.ok(.links)], handler: list),
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/invite", .room(.manageLinks), .links, "Asks one more room to join.",
        body: .json(.linkInvitation), answers: [.ok(.link)],
        errors: Self.known + Self.busy + [
          .rule(.linkSelf), .rule(.linkFull), .rule(.linkTooOften), .rule(.linkPending),
        ],
        handler: invite),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/links/{id}", .room(.manageLinks), .links,
        "Leaves a link; one of two rooms ends it.", answers: [.noContent], errors: Self.known + [.rule(.linkPending)],
        handler: leave),
    ]
  }

  private var answers: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/accept", .room(.manageLinks), .links, "Joins the link.",
        answers: [.ok(.link)], errors: Self.known + Self.busy, handler: accept),
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/reject", .room(.manageLinks), .links, "Refuses to join.",
        body: .optionalJSON(.linkRejection), answers: [.ok(.link)], errors: Self.known + Self.reasons,
        handler: reject),
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/cancel", .room(.manageLinks), .links, "Takes a request back.",
        body: .optionalJSON(.linkCancellation), answers: [.ok(.link)], errors: Self.known, handler: cancel),
    ]
  }

  private var battles: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/battle", .room(.manageLinks), .links,
        "Asks the other hosts of the link for a battle.",
        body: .json(.battleRequest), answers: [.ok(.link)],
        errors: Self.known + [
          .rule(.linkPending), .rule(.battleDuration), .rule(.battleRunning), .rule(.battleProposed),
          .rule(.linkTooOften),
        ],
        handler: proposeBattle),
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/battle/accept", .room(.manageLinks), .links,
        "Agrees to a battle, which begins when all have.", answers: [.ok(.link)],
        errors: Self.known + [.rule(.linkPending), .rule(.battleNotProposed)], handler: acceptBattle),
      Endpoint(
        .post, "/api/v1/rooms/{room}/links/{id}/battle/reject", .room(.manageLinks), .links, "Refuses a battle.",
        body: .optionalJSON(.linkRejection), answers: [.ok(.link)],
        errors: Self.known + Self.reasons + [.rule(.linkPending), .rule(.battleNotProposed)],
        handler: rejectBattle),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/links/{id}/battle", .room(.manageLinks), .links,
        "Ends the battle early, or takes back the request for one.",
        answers: [.ok(.link)], errors: Self.known + [.rule(.linkPending), .rule(.battleNone)], handler: endBattle),
    ]
  }

  private static let known: [APIError] = [.rule(.linkUnknown), .rule(.linkClosed), .mediaRefusals]
  private static let reasons: [APIError] = [.rule(.linkReasonInvalid), .rule(.chatMuted), .rule(.chatFiltered)]
  private static let busy: [APIError] = [
    .rule(.linkBusy), .rule(.linkNotLive), .rule(.linkStageOccupied), .mediaRefusals,
  ]

  @Sendable private func request(_ call: Call) async throws -> Response {
    let person = try call.person
    let body = try await call.json(LinkRequest.self)
    let own = await (try call.room).linkParty
    let target = try await plane.rooms.room(body.roomId).linkParty(for: person)
    let (id, duration) = (RandomName.make("l_"), body.battle?.duration)
    let link = try await links.change(id) { book, now throws(SignalingError) in
      try book.request(id: id, from: own, to: target, battle: duration, by: person, at: now)
    } pause: {
      $0.requestPause(of: own.room.id, for: target.room.id, at: $1)
    }
    return try .json(.created, link)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try .json(.ok, ["links": [await (try call.room).linkBody(forHost: true)].compactMap { $0 }])
  }

  @Sendable private func invite(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    let body = try await call.json(InviteRequest.self)
    let target = try await plane.rooms.room(body.roomId).linkParty(for: subject.person)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.invite(target, into: subject.link, from: subject.own.room, by: subject.person, at: now)
    } pause: {
      $0.requestPause(of: subject.own.room.id, for: target.room.id, at: $1)
    }
  }

  @Sendable private func accept(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    return try .json(.ok, try await links.accept(subject.link, as: subject.room, by: subject.person))
  }

  @Sendable private func reject(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    let reason = try await reason(call, subject)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.reject(subject.link, as: subject.own.room, reason: reason, by: subject.person, at: now)
    }
  }

  @Sendable private func cancel(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    let body = try await call.optionalJSON(CancelRequest.self)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.cancel(subject.link, of: body?.roomId, as: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func leave(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    _ = try await change(subject) { book, now throws(SignalingError) in
      try book.leave(subject.link, as: subject.own.room, by: subject.person, at: now)
    }
    return .noContent
  }

  @Sendable private func proposeBattle(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    let body = try await call.json(BattleRequest.self)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.proposeBattle(
        subject.link, duration: body.duration, as: subject.own.room, by: subject.person, at: now)
    } pause: {
      $0.battlePause(of: subject.own.room.id, at: $1)
    }
  }

  @Sendable private func acceptBattle(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.acceptBattle(subject.link, as: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func rejectBattle(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    let reason = try await reason(call, subject)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.rejectBattle(subject.link, reason: reason, as: subject.own.room, by: subject.person, at: now)
    }
  }

  @Sendable private func endBattle(_ call: Call) async throws -> Response {
    let subject = try await subject(call)
    return try await change(subject) { book, now throws(SignalingError) in
      try book.endBattle(subject.link, as: subject.own.room, by: subject.person, at: now)
    }
  }

  // MARK: Helpers

  /// Why something is refused. Hosts of other rooms read it, and their audiences may: it obeys the rules of all of them.
  private func reason(_ call: Call, _ subject: Subject) async throws -> String? {
    guard let reason = try await call.optionalJSON(RejectRequest.self)?.reason else { return nil }
    let own = subject.own.room.id
    try await subject.room.requireLinkReason(reason, by: subject.person)
    for member in await links.link(of: own)?.members ?? [] where member.room.id != own {
      try await plane.rooms.loadedRoom(member.room.id)?.requireLinkReason(reason, by: subject.person)
    }
    return reason
  }

  private func subject(_ call: Call) async throws -> Subject {
    let room = try call.room
    return Subject(room: room, own: await room.linkParty, person: try call.person, link: try call.part("id"))
  }

  private func change(
    _ subject: Subject, _ operation: @escaping LinkService.Operation,
    pause: @escaping LinkService.Pause = { _, _ in 0 }
  ) async throws -> Response {
    try .json(.ok, try await links.change(subject.link, operation, pause: pause))
  }
}
