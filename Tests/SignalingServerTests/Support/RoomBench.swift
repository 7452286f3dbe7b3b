import Foundation
import Logging
import MediaControl
import Signaling
import Synchronization
import Testing

@testable import SignalingServer

/// A registry of rooms with the store on disk, without anything of HTTP.
struct RoomBench: Sendable {
  let store: SQLiteStore
  let faults: FaultyStore
  let registry: RoomRegistry
  let ann = Person(id: "u_ann", name: "Ann")

  static func run(
    _ configure: (inout ServerLimits) -> Void = { _ in }, _ body: (RoomBench) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "mixd-rooms-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var limits = ServerLimits()
    configure(&limits)
    let store = try SQLiteStore(path: folder + "/db", limits: limits.room)
    let faults = FaultyStore(store)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let (gateway, clock) = (MediaGateway(backend: RecordingMedia(), timeout: 1), ServerClock())
    let environment = LiveRoom.Environment(
      store: faults, chats: ChatJournal(store: store, logger: logger),
      recordings: RecordingFiles(dataDirectory: folder), gifts: .standard, media: gateway,
      links: LinkService(limits: limits.link, clock: clock, media: gateway, logger: logger), clock: clock,
      limits: limits, metrics: ServerMetrics(), logger: logger)
    let bench = RoomBench(
      store: store, faults: faults, registry: RoomRegistry(environment: environment, layouts: ["pip"]))
    #expect(try await store.addUser(StoredUser(person: bench.ann, kind: .guest)))
    try await body(bench)
  }

  func create(_ title: String) async throws -> String {
    var wish = RoomChange()
    wish.title = title
    return try await registry.create(wish, video: VideoSettings(), host: ann).id.rawValue
  }

  /// The host gives the room another title.
  func rename(_ room: LiveRoom, _ title: String) async throws {
    var wish = RoomChange()
    wish.title = title
    _ = try await room.update(wish, by: ann)
  }
}

/// A store that fails to save rooms and ends of recordings while it is told to.
final class FaultyStore: RoomStore {
  struct Fault: Error {}

  private let store: SQLiteStore
  private let isBroken = Atomic(false)

  init(_ store: SQLiteStore) { self.store = store }

  func fail(_ isBroken: Bool) { self.isBroken.store(isBroken, ordering: .relaxed) }

  func saveRoom(
    _ id: String, _ memory: RoomMemory, keepsSanctions: Bool, host: Person, expiry: Int64, reopens: Bool,
    news: [WebhookEvent]
  ) async throws {
    if isBroken.load(ordering: .relaxed) { throw Fault() }
    try await store.saveRoom(
      id, memory, keepsSanctions: keepsSanctions, host: host, expiry: expiry, reopens: reopens, news: news)
  }

  func addRoom(_ room: StoredRoom, expiry: Int64, limit: Int, news: [WebhookEvent]) async throws -> StoredRoom? {
    try await store.addRoom(room, expiry: expiry, limit: limit, news: news)
  }
  func openRooms(of host: String) async throws -> Int { try await store.openRooms(of: host) }
  func room(_ id: String) async throws -> StoredRoom? { try await store.room(id) }
  func rooms(_ query: RoomQuery, before cursor: Int64?, limit: Int) async throws -> [StoredRoom] {
    try await store.rooms(query, before: cursor, limit: limit)
  }
  func roomNames(_ query: RoomQuery) async throws -> [String] { try await store.roomNames(query) }
  func roomLikes(_ query: RoomQuery) async throws -> [(id: String, likes: Int)] { try await store.roomLikes(query) }
  func rooms(named names: [String]) async throws -> [StoredRoom] { try await store.rooms(named: names) }
  func rooms(withAdmin user: String) async throws -> [String] { try await store.rooms(withAdmin: user) }
  func names(of users: Set<String>) async throws -> [String: String] { try await store.names(of: users) }
  func countRooms() async throws -> [Room.Status: Int] { try await store.countRooms() }
  func expiredRooms(at now: Int64, limit: Int) async throws -> [String] {
    try await store.expiredRooms(at: now, limit: limit)
  }
  func postponeRooms(_ names: [String], until expiry: Int64) async throws {
    try await store.postponeRooms(names, until: expiry)
  }
  func removeRoom(_ id: String) async throws -> Bool { try await store.removeRoom(id) }
  func addOutput(_ output: StoredOutput, news: [WebhookEvent]) async throws {
    try await store.addOutput(output, news: news)
  }
  func removeOutput(_ id: String, room: String, news: [WebhookEvent]) async throws {
    try await store.removeOutput(id, room: room, news: news)
  }
  func outputs(of room: String) async throws -> [StoredOutput] { try await store.outputs(of: room) }
  func addRecording(_ recording: StoredRecording, news: [WebhookEvent]) async throws {
    try await store.addRecording(recording, news: news)
  }
  func closeRecording(_ recording: StoredRecording, news: [WebhookEvent]) async throws {
    if isBroken.load(ordering: .relaxed) { throw Fault() }
    try await store.closeRecording(recording, news: news)
  }
  func removeRecording(_ id: String, room: String, news: [WebhookEvent]) async throws {
    try await store.removeRecording(id, room: room, news: news)
  }
  func recording(_ id: String, room: String) async throws -> StoredRecording? {
    try await store.recording(id, room: room)
  }
  func recordings(of room: String, before cursor: Int64?, limit: Int) async throws -> [StoredRecording] {
    try await store.recordings(of: room, before: cursor, limit: limit)
  }
  func countRecordings(of room: String) async throws -> Int { try await store.countRecordings(of: room) }
  func recordings(keptBy host: String) async throws -> KeptRecordings { try await store.recordings(keptBy: host) }
  func putRoomBan(_ ban: StoredRoomBan) async throws { try await store.putRoomBan(ban) }
  func removeRoomBan(_ room: String) async throws { try await store.removeRoomBan(room) }
  func roomBan(_ room: String) async throws -> StoredRoomBan? { try await store.roomBan(room) }
  func roomBans(before cursor: Int64?, limit: Int) async throws -> [StoredRoomBan] {
    try await store.roomBans(before: cursor, limit: limit)
  }
}
