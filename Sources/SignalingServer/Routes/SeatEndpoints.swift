import Hummingbird
import Signaling

/// The numbered seats of a stage.
struct SeatEndpoints: Sendable {
  let plane: ControlPlane

  private struct SeatLock: Decodable { let locked: Bool }

  var all: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/seats", .anyone, .stage, "Lists the seats, the host's first.",
        answers: [.ok(.seats)], errors: [.roomUnknown, .rule(.roomEnded), .rule(.roomBanned), .rule(.userBanned)],
        handler: list),
      Endpoint(
        .put, "/api/v1/rooms/{room}/seats/{index}", .room(.lockSeats), .stage,
        "Locks a free seat, so that nobody gets it, or unlocks it.", body: .json(.seatLock),
        answers: [.ok(.seats)], errors: [.rule(.seatUnknown), .rule(.seatTaken)], handler: lock),
    ]
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try .json(.ok, ["seats": await plane.room(shownBy: call).seats])
  }

  @Sendable private func lock(_ call: Call) async throws -> Response {
    let body = try await call.json(SeatLock.self)
    guard let index = Int(try call.part("index")) else { throw APIError(.seatUnknown) }
    return try .json(.ok, ["seats": try await call.room.lockSeat(index, body.locked, by: try call.person)])
  }
}
