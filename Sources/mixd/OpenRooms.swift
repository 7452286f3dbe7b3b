import Configuration
import Signaling
import SignalingServer

/// How many rooms that are not over one host may have, how long they stay without him, and when they are over.
struct OpenRooms: Sendable {
  var perAccount = ServerLimits().roomsPerAccount
  var perGuest = ServerLimits().roomsPerGuest
  /// Seconds.
  var unused = ServerLimits().room.unused
  /// The same of those that were never live.
  var unstarted = ServerLimits().room.unstarted

  /// Seconds.
  var retention = ServerLimits().retention

  init() {}

  /// The settings `rooms.perAccount`, `rooms.perGuest`, `rooms.unusedSeconds`, `rooms.unstartedSeconds` and
  /// `rooms.retentionDays`.
  init(_ reader: ConfigReader) async throws {
    perAccount = try await reader.wholeNumber("rooms.perAccount", 0...10_000) ?? perAccount
    perGuest = try await reader.wholeNumber("rooms.perGuest", 0...10_000) ?? perGuest
    unused = try await reader.wholeNumber("rooms.unusedSeconds", 30...604_800).map(Double.init) ?? unused
    unstarted = try await reader.wholeNumber("rooms.unstartedSeconds", 30...604_800).map(Double.init) ?? unstarted
    retention = try await reader.wholeNumber("rooms.retentionDays", 0...36_500).map { Double($0) * 86_400 } ?? retention
  }

  func apply(to limits: inout ServerLimits) {
    (limits.roomsPerAccount, limits.roomsPerGuest) = (perAccount, perGuest)
    (limits.room.unused, limits.room.unstarted) = (unused, unstarted)
    limits.retention = retention
  }
}
