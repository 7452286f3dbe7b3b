import Configuration
import Signaling
import SignalingServer

/// How many rooms that are not over one host may have, how long they stay without him, and when they are over.
struct OpenRooms: Sendable {
  var perAccount = ServerLimits().roomsPerAccount
  var perGuest = ServerLimits().roomsPerGuest
  /// Seconds.
  var unused = ServerLimits().room.unused

  /// Seconds.
  var retention = ServerLimits().retention

  init() {}

  /// The settings `rooms.perAccount`, `rooms.perGuest`, `rooms.unusedSeconds` and `rooms.retentionDays`.
  init(_ reader: ConfigReader) async throws {
    perAccount = try await reader.wholeNumber("rooms.perAccount", 0...10_000) ?? perAccount
    perGuest = try await reader.wholeNumber("rooms.perGuest", 0...10_000) ?? perGuest
    unused = try await reader.wholeNumber("rooms.unusedSeconds", 30...604_800).map(Double.init) ?? unused
    retention = try await reader.wholeNumber("rooms.retentionDays", 0...36_500).map { Double($0) * 86_400 } ?? retention
  }

  func apply(to limits: inout ServerLimits) {
    (limits.roomsPerAccount, limits.roomsPerGuest, limits.room.unused) = (perAccount, perGuest, unused)
    limits.retention = retention
  }
}
