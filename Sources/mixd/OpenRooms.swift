import Configuration
import SignalingServer

/// How many rooms that are not over one host may have.
struct RoomQuota: Sendable {
  var perAccount = ServerLimits().roomsPerAccount
  var perGuest = ServerLimits().roomsPerGuest

  init() {}

  /// The settings `rooms.perAccount` and `rooms.perGuest`.
  init(_ reader: ConfigReader) async throws {
    perAccount = try await reader.wholeNumber("rooms.perAccount", 0...10_000) ?? perAccount
    perGuest = try await reader.wholeNumber("rooms.perGuest", 0...10_000) ?? perGuest
  }

  func apply(to limits: inout ServerLimits) {
    (limits.roomsPerAccount, limits.roomsPerGuest) = (perAccount, perGuest)
  }
}
