import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// Scene, outputs, statistics and traces.
struct SceneEndpoints: Sendable {
  let plane: ControlPlane

  private struct OutputRequest: Decodable { let url: String }
  private struct LayoutBody: Decodable {
    let layout: String
    let options: [String: LayoutOption]?
  }

  var all: [Endpoint] { scene + outputs + measurements }

  private var scene: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/scene", .anyone, .programme, "Shows what the programme shows now.",
        answers: [.ok(.scene)], errors: [.roomUnknown, .rule(.roomEnded), .rule(.roomBanned), .rule(.userBanned)],
        handler: showScene),
      Endpoint(
        .put, "/api/v1/rooms/{room}/scene", .room(.directScene), .programme, "Chooses a layout.",
        body: .json(.layoutRequest), answers: [.ok(.scene)], errors: [.layoutUnknown, .layoutRefusals, .mediaRefusals],
        handler: setLayout),
    ]
  }

  private var outputs: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/outputs", .room(.manageOutputs), .programme, "Lists where the programme is pushed.",
        answers: [.ok(.outputs)], handler: showOutputs),
      Endpoint(
        .post, "/api/v1/rooms/{room}/outputs", .room(.manageOutputs), .programme, "Begins to push the programme.",
        body: .json(.outputRequest), answers: [.created(.output)],
        errors: [
          .outputURL, .outputPrivate, .outputUnresolved, .outputLimit, .outputUnknown, .outputRefusals, .mediaRefusals,
        ],
        handler: addOutput),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/outputs/{id}", .room(.manageOutputs), .programme, "Ends a push.",
        answers: [.noContent], errors: [.outputUnknown], handler: removeOutput),
    ]
  }

  private var measurements: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/stats", .anyone, .programme, "Measures the room's media.", answers: [.ok(.stats)],
        errors: [.roomUnknown, .rule(.roomEnded), .rule(.roomBanned), .rule(.userBanned), .mediaRefusals],
        handler: stats),
      Endpoint(
        .get, "/api/v1/rooms/{room}/trace", .room(.seeTrace), .programme,
        "The way of each programme frame as Chrome trace events.",
        query: [.optional("seconds", .integer(1...60), "10 unless given.")],
        answers: [.ok(.anything)], errors: [.badQuery, .mediaRefusals], handler: trace),
    ]
  }

  @Sendable private func showScene(_ call: Call) async throws -> Response {
    try .json(.ok, await plane.room(shownBy: call).scene)
  }

  @Sendable private func setLayout(_ call: Call) async throws -> Response {
    let body = try await call.json(LayoutBody.self)
    let wanted = LayoutRequest(layout: body.layout, options: body.options ?? [:])
    return try .json(.ok, try await call.room.setLayout(wanted, by: try call.person))
  }

  @Sendable private func showOutputs(_ call: Call) async throws -> Response {
    try .json(.ok, ["outputs": try await call.room.listOutputs(by: try call.person)])
  }

  @Sendable private func addOutput(_ call: Call) async throws -> Response {
    let body = try await call.json(OutputRequest.self)
    let url = try OutputURL(body.url)
    let allowsPrivate = plane.environment.privateOutputs.allow(ifFromThisMachine: call.isFromThisMachine)
    if !allowsPrivate {
      try await AddressPolicy.requirePublic(
        url, by: plane.environment.resolver, within: plane.limits.outputLookup)
      try call.requireGood()
    }
    return try .json(
      .created, try await call.room.addOutput(url, allowsPrivate: allowsPrivate, by: try call.person))
  }

  @Sendable private func removeOutput(_ call: Call) async throws -> Response {
    try await call.room.removeOutput(try call.part("id"), by: try call.person)
    return .noContent
  }

  @Sendable private func stats(_ call: Call) async throws -> Response {
    try .json(.ok, try await plane.room(shownBy: call).stats(for: call.caller?.person))
  }

  @Sendable private func trace(_ call: Call) async throws -> Response {
    guard let seconds = Int(call.query("seconds") ?? "10"), (1...60).contains(seconds) else {
      throw APIError(.badRequest, APIError.badQuery.code, "seconds must be between 1 and 60.")
    }
    return .text(.ok, "application/json", try await call.room.trace(seconds: seconds, by: try call.person))
  }
}
