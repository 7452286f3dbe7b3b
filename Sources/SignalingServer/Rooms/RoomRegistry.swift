import Logging
import MediaControl
import Signaling

/// Finds rooms: those in use, and those that only the store knows.
///
/// There is one `LiveRoom` of a room at most: two would both write what they think the room is. So a room is read once
/// however many ask for it, and one that makes way can do nothing any more before another can take its place.
actor RoomRegistry {
  let environment: LiveRoom.Environment
  private let layouts: [String]
  let pace: RoomPace
  private let searchPace: KeyedRate
  let noticePace: KeyedRate
  var loaded: [String: LiveRoom] = [:]
  private(set) var loading: [String: Task<LiveRoom, any Error>] = [:]
  var rankings = RoomRankings()
  /// The newest orders, of the rooms that are over and of the others.
  let rankingOfEnded: SharedAnswer<RoomRankings.Ranking>
  let rankingOfOthers: SharedAnswer<RoomRankings.Ranking>

  init(environment: LiveRoom.Environment, layouts: [String]) {
    self.environment = environment
    self.layouts = layouts
    let now: @Sendable () -> Instant = { [clock = environment.clock] in clock.now() }
    rankingOfEnded = SharedAnswer(freshness: RoomRankings.freshness, now: now)
    rankingOfOthers = SharedAnswer(freshness: RoomRankings.freshness, now: now)
    let limits = environment.limits
    pace = RoomPace(limits)
    searchPace = KeyedRate(burst: limits.searchesBurst, perMinute: limits.searchesPerMinute)
    noticePace = KeyedRate(burst: limits.noticesBurst, perMinute: limits.noticesPerMinute)
  }

  /// A room that is not over.
  func room(_ id: String) async throws(APIError) -> LiveRoom {
    while let room = loaded[id] {
      if await room.touch() { return room }
      forget(room)
    }
    let task = loading[id] ?? Task { try await self.load(id) }
    loading[id] = task
    do {
      return try await task.value
    } catch {
      throw error as? APIError ?? .internalFault
    }
  }

  private func load(_ id: String) async throws -> LiveRoom {
    defer { loading[id] = nil }
    // Rooms that are over are asked for too, and are not read as a whole.
    _ = try Self.requireOpen(try await shown(id))
    let stored = try Self.requireOpen(try await stored(id))
    let outputs = try await store { try await $0.outputs(of: id) }
    let chats = environment.chats.store
    let room = try await admit(stored, outputs, try await store { _ in try await chats.chat(of: id) })
    await room.learnNames()
    return room
  }

  private static func requireOpen(_ stored: StoredRoom?) throws(APIError) -> StoredRoom {
    guard let stored else { throw .roomUnknown }
    if stored.status == .ended { throw APIError(stored.memory.isClosedForGood ? .roomBanned : .roomEnded) }
    return stored
  }

  /// A room that somebody uses.
  func loadedRoom(_ id: String) -> LiveRoom? { loaded[id] }

  /// Unless another has taken its place.
  func forget(_ room: LiveRoom) {
    if loaded[room.id.rawValue] === room { loaded[room.id.rawValue] = nil }
  }

  /// One whose link is still to be told that it is over, or whose recording is to be stored, is left to `tidy`.
  func forgetEnded(_ room: LiveRoom) async {
    guard await room.linkMemory == nil, await room.recording == nil else { return }
    forget(room)
  }

  /// Whether strangers may search at this pace.
  /// - Parameter address: where they come from (`AddressGroup`).
  nonisolated func requireSearchPace(from address: String) throws(APIError) {
    if !searchPace.take(address) { throw .requestTooOften }
  }

  /// Whether this host may have one more room that is not over. Rooms that are made at the same moment are counted when
  /// they are stored.
  func requireOpenRooms(of host: Person, below limit: Int) async throws(APIError) {
    guard limit < .max else { return }
    let open = try await store { try await $0.openRooms(of: host.id) }
    if open >= limit { throw .roomTooMany }
  }

  /// - Parameter limit: how many rooms that are not over the host may have with this one.
  func create(
    _ wanted: RoomChange, video: VideoSettings, host: Person, limit: Int = .max
  ) async throws(APIError) -> LiveRoom {
    guard video.isValid else { throw .roomVideo }
    let layout = wanted.layout ?? layouts.first ?? "pip"
    try requireLayout(layout)
    let memory = try Self.memory(wanted, layout: layout)
    let now = ServerClock.wallMilliseconds()
    let room = StoredRoom(
      id: RandomName.make("r_"), host: host, memory: memory, status: .waiting, video: video, createdAt: now)
    try await makeSpace()
    let expiry = now + Int64(environment.limits.room.unused * 1000)
    let news = environment.webhooks.news(ofMaking: room)
    guard let stored = try await store({ try await $0.addRoom(room, expiry: expiry, limit: limit, news: news) }) else {
      throw .roomTooMany
    }
    if !news.isEmpty { environment.webhooks.wake() }
    return try await admit(stored, [], StoredChat())
  }

  private static func memory(_ wanted: RoomChange, layout: String) throws(APIError) -> RoomMemory {
    do throws(SignalingError) { return try RoomMemory(making: wanted, layout: layout) } catch { throw APIError(error) }
  }

  nonisolated func requireLayout(_ name: String) throws(APIError) {
    if !layouts.contains(name) { throw .layoutUnknown }
  }

  /// What `GET` shows, of ended rooms too.
  func body(of id: String, for person: Person?) async throws(APIError) -> RoomBody {
    if let room = loaded[id] { return await room.body(for: person) }
    guard let stored = try await shown(id) else { throw .roomUnknown }
    return RoomBody(stored, showsFilter: stored.host.id == person?.id || person?.isOperator == true)
  }

  func end(_ id: String, by person: Person) async throws(APIError) {
    let room = try await room(id)
    try await room.change { room, now throws(SignalingError) in try room.end(by: person, at: now) }
    await forgetEnded(room)
  }

  /// Ends everything a banned user has anywhere, also in rooms that only the store knows: a ban that is lifted does not
  /// give his rights back there either. Whatever cannot be read now is taken from him when it is, as long as the ban holds.
  func banish(_ user: String) async {
    for room in loaded.values { await room.banish(user) }
    let others = (try? await store { try await $0.rooms(withAdmin: user) }) ?? []
    for id in others where loaded[id] == nil {
      if let room = try? await room(id) { await room.banish(user) }
    }
    // Last: files may take their time. A room in which something is recorded is in use.
    for room in loaded.values where room.stored.host.id == user { await room.endRecording(.stopped) }
  }

  func handle(_ event: MediaEvent) async {
    await loaded[event.room.rawValue]?.handle(event)
  }

  /// What everybody may see of it.
  private func shown(_ id: String) async throws(APIError) -> StoredRoom? {
    guard id.utf8.count <= 64 else { return nil }
    return try await store { try await $0.rooms(named: [id]) }.first
  }

  func stored(_ id: String) async throws(APIError) -> StoredRoom? {
    guard id.utf8.count <= 64 else { return nil }
    return try await store { try await $0.room(id) }
  }

  private func admit(
    _ stored: StoredRoom, _ outputs: [StoredOutput], _ chat: StoredChat
  ) async throws(APIError) -> LiveRoom {
    try await makeSpace()
    let room = LiveRoom(stored, outputs: outputs, chat: chat, environment: environment)
    loaded[stored.id] = room
    await room.setAlarm()
    await room.banishBanned()
    return room
  }

  /// Rooms that nobody uses make way.
  private func makeSpace() async throws(APIError) {
    guard loaded.count >= environment.limits.loadedRooms else { return }
    for room in loaded.values where await room.retire() { forget(room) }
    if loaded.count >= environment.limits.loadedRooms { throw .roomLimit }
  }

  func store<Value: Sendable>(
    _ operation: (any RoomStore) async throws -> Value
  ) async throws(APIError) -> Value {
    do {
      return try await operation(environment.store)
    } catch {
      throw .storeFailed(error, environment.logger)
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
