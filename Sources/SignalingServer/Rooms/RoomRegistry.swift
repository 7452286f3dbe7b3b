import Logging
import MediaControl
import Signaling

/// Finds rooms: those in use, and those that only the store knows.
actor RoomRegistry {
  let environment: LiveRoom.Environment
  private let layouts: [String]
  private var loaded: [String: LiveRoom] = [:]

  init(environment: LiveRoom.Environment, layouts: [String]) {
    self.environment = environment
    self.layouts = layouts
  }

  /// A room that is not over.
  func room(_ id: String) async throws(APIError) -> LiveRoom {
    if let room = loaded[id] { return room }
    guard let stored = try await stored(id) else { throw .roomUnknown }
    if stored.status == .ended { throw APIError(.roomEnded) }
    let outputs = try await store { try await $0.outputs(of: id) }
    let chats = environment.chats.store
    return try await admit(stored, outputs, try await store { _ in try await chats.chat(of: id) })
  }

  /// A room that somebody uses.
  func loadedRoom(_ id: String) -> LiveRoom? { loaded[id] }

  func create(
    title: String, layout: String?, video: VideoSettings, host: Person
  ) async throws(APIError) -> LiveRoom {
    guard video.isValid else { throw .roomVideo }
    let layout = layout ?? layouts.first ?? "pip"
    try requireLayout(layout)
    let cleanTitle: String
    do throws(SignalingError) { cleanTitle = try DisplayText.title(title) } catch { throw APIError(error) }
    let room = StoredRoom(
      id: RandomName.make("r_"), host: host, title: cleanTitle, layout: layout, status: .waiting, video: video,
      createdAt: ServerClock.wallMilliseconds())
    try await makeSpace()
    let stored = try await store { try await $0.addRoom(room) }
    return try await admit(stored, [], StoredChat())
  }

  nonisolated func requireLayout(_ name: String) throws(APIError) {
    if !layouts.contains(name) { throw .layoutUnknown }
  }

  /// What `GET` shows, of ended rooms too.
  func body(of id: String) async throws(APIError) -> RoomBody {
    if let room = loaded[id] { return await room.body }
    guard let stored = try await stored(id) else { throw .roomUnknown }
    return RoomBody(stored)
  }

  func list(
    _ statuses: [Room.Status], before cursor: Int64?, limit: Int
  ) async throws(APIError) -> RoomListBody {
    let rows = try await store { try await $0.rooms(with: statuses, before: cursor, limit: limit + 1) }
    var bodies: [RoomBody] = []
    for row in rows.prefix(limit) {
      if let room = loaded[row.id] { bodies.append(await room.body) } else { bodies.append(RoomBody(row)) }
    }
    let last = rows.prefix(limit).last.map { String($0.sequence) }
    return RoomListBody(rooms: bodies, next: rows.count > limit ? last : nil)
  }

  func end(_ id: String, by person: Person) async throws(APIError) {
    let room = try await room(id)
    try await room.change { room, now throws(SignalingError) in try room.end(by: person, at: now) }
    loaded[id] = nil
  }

  /// Ends everything a banned user has anywhere.
  func banish(_ user: String) async {
    for room in loaded.values { await room.banish(user) }
  }

  func handle(_ event: MediaEvent) async {
    await loaded[event.room.rawValue]?.handle(event)
  }

  private func stored(_ id: String) async throws(APIError) -> StoredRoom? {
    guard id.utf8.count <= 64 else { return nil }
    return try await store { try await $0.room(id) }
  }

  private func admit(
    _ stored: StoredRoom, _ outputs: [StoredOutput], _ chat: StoredChat
  ) async throws(APIError) -> LiveRoom {
    try await makeSpace()
    // Somebody else may have loaded it meanwhile.
    if let room = loaded[stored.id] { return room }
    let room = LiveRoom(stored, outputs: outputs, chat: chat, environment: environment)
    loaded[stored.id] = room
    return room
  }

  /// Rooms that nobody uses make way.
  private func makeSpace() async throws(APIError) {
    guard loaded.count >= environment.limits.loadedRooms else { return }
    for (id, room) in loaded where await room.isIdle { loaded[id] = nil }
    if loaded.count >= environment.limits.loadedRooms { throw .roomLimit }
  }

  private func store<Value: Sendable>(
    _ operation: (any RoomStore) async throws -> Value
  ) async throws(APIError) -> Value {
    do {
      return try await operation(environment.store)
    } catch {
      environment.logger.error("The store failed.", metadata: ["error": "\(error)"])
      throw .internalFault
    }
  }
}

extension MediaEvent {
  var room: RoomID {
    switch self {
    case .sessionState(_, let room, _), .participantMedia(let room, _, _, _), .sceneChanged(let room, _),
      .videoWish(let room, _, _), .outputState(let room, _, _, _):
      room
    }
  }
}
