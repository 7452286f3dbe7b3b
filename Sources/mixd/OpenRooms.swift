import Configuration
import Signaling
import SignalingServer

/// How many rooms that are not over one host may have, and how long they stay without him.
struct OpenRooms: Sendable {
  var perAccount = ServerLimits().roomsPerAccount
  var perGuest = ServerLimits().roomsPerGuest
  /// Seconds.
  var unused = ServerLimits().room.unused

  init() {}

  /// The settings `rooms.perAccount`, `rooms.perGuest` and `rooms.unusedSeconds`.
  init(_ reader: ConfigReader) async throws {
    perAccount = try await reader.wholeNumber("rooms.perAccount", 0...10_000) ?? perAccount
    perGuest = try await reader.wholeNumber("rooms.perGuest", 0...10_000) ?? perGuest
    unused = try await reader.wholeNumber("rooms.unusedSeconds", 30...604_800).map(Double.init) ?? unused
  }

  func apply(to limits: inout ServerLimits) {
    (limits.roomsPerAccount, limits.roomsPerGuest, limits.room.unused) = (perAccount, perGuest, unused)
  }
}
