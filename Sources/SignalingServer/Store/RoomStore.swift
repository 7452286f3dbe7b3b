import MediaControl
import Signaling

/// What survives a restart of rooms and their outputs. Every call returns after the change is durable.
protocol RoomStore: RecordingStore {
  /// Returns the room with its place in the list. `expiry` is when a room ends by itself if nobody loads it before, in
  /// milliseconds since 1970. `news` is for the webhooks, in the same transaction. `nil` if the host has `limit` rooms
  /// that are not over.
  func addRoom(_ room: StoredRoom, expiry: Int64, limit: Int, news: [WebhookEvent]) async throws -> StoredRoom?
  /// How many rooms of this host are not over.
  func openRooms(of host: String) async throws -> Int
  /// With everything it remembers. All others read rooms without their mutes and bans.
  func room(_ id: String) async throws -> StoredRoom?
  /// A room that is over does not come back unless it is meant to: throws `RoomIsOver`, and has stored nothing.
  /// `keepsSanctions`: mutes and bans stay as they are stored, whatever `memory` has.
  func saveRoom(
    _ id: String, _ memory: RoomMemory, keepsSanctions: Bool, host: Person, expiry: Int64, reopens: Bool,
    news: [WebhookEvent]
  ) async throws
  /// Newest first, only those older than `cursor`.
  func rooms(_ query: RoomQuery, before cursor: Int64?, limit: Int) async throws -> [StoredRoom]
  /// All that match, newest first.
  func roomNames(_ query: RoomQuery) async throws -> [String]
  /// The same with their likes.
  func roomLikes(_ query: RoomQuery) async throws -> [(id: String, likes: Int)]
  func rooms(named names: [String]) async throws -> [StoredRoom]
  /// Rooms that are not over and in which this user helps the host.
  func rooms(withAdmin user: String) async throws -> [String]
  /// Those of them that there are, by id.
  func names(of users: Set<String>) async throws -> [String: String]
  func countRooms() async throws -> [Room.Status: Int]
  /// Rooms that are not over and whose time is, the longest overdue first.
  func expiredRooms(at now: Int64, limit: Int) async throws -> [String]
  func postponeRooms(_ names: [String], until expiry: Int64) async throws

  /// With everything about it; `false` unless it is over and not banned.
  func removeRoom(_ id: String) async throws -> Bool

  func addOutput(_ output: StoredOutput, news: [WebhookEvent]) async throws
  /// `news` only if there was one.
  func removeOutput(_ id: String, room: String, news: [WebhookEvent]) async throws
  func outputs(of room: String) async throws -> [StoredOutput]

  func putRoomBan(_ ban: StoredRoomBan) async throws
  func removeRoomBan(_ room: String) async throws
  func roomBan(_ room: String) async throws -> StoredRoomBan?
  /// Newest first, only those before `cursor`.
  func roomBans(before cursor: Int64?, limit: Int) async throws -> [StoredRoomBan]
}

/// The store has the end of this room, or no such room.
struct RoomIsOver: Error {
  let room: String
}

struct StoredRoomBan: Sendable, Equatable {
  /// The place in the list; the store gives it.
  var sequence: Int64 = 0
  let room: String
  let title: String
  let host: Person
  let reason: String
  let bannedBy: String
  /// The ban has ended it.
  var wasOpen: Bool
  let createdAt: Int64
}

struct StoredRoom: Sendable, Equatable {
  /// Grows with every room; the place in the list. The store gives it.
  var sequence: Int64 = 0
  let id: String
  let host: Person
  var memory: RoomMemory
  /// As it was stored last; no room is live after a restart.
  var status: Room.Status
  let video: VideoSettings
  /// Milliseconds since 1970.
  let createdAt: Int64
  /// Of its chat.
  var likes = 0
  var gifts = GiftTotals()
  /// When it ends by itself if nobody loads it, in milliseconds since 1970.
  var expiry: Int64 = 0

  var info: RoomInfo { memory.info }
}

struct StoredOutput: Sendable, Equatable {
  let id: String
  let room: String
  /// With its secret stream key: never shown or logged.
  let url: String
  /// Whether it may be in the server's own network, unless the configuration forbids that.
  var allowsPrivate = false
}

/// The picture of a room's programme.
struct VideoSettings: Sendable, Equatable, Codable {
  var width = 1280
  var height = 720
  var frameRate = 30
  /// Bits per second.
  var bitrate = 2_500_000

  var isValid: Bool {
    let sides = 160...1920
    return sides.contains(width) && sides.contains(height) && width % 2 == 0 && height % 2 == 0
      && min(width, height) <= 1088 && (5...60).contains(frameRate) && (100_000...20_000_000).contains(bitrate)
  }

  func program(layout: String) -> ProgramSettings {
    ProgramSettings(
      width: width, height: height, frameRate: frameRate, videoBitrate: bitrate, layout: LayoutRequest(layout: layout))
  }
}
