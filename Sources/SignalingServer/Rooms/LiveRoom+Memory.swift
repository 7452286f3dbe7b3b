import Logging
import Signaling

/// What of a room's memory is stored.
struct Persistence {
  /// Counts the changes, and those that are durable.
  var changes = 0
  var stored = 0
  var writing: Task<Void, any Error>?
  /// A write that failed will be tried again by itself.
  var isRepeating = false
  /// Those that the store knows.
  var sanctions: RoomSanctions?
  /// When the room would end by itself, as far as the store knows.
  var deadline: Instant?
  /// The link as it was stored last, and when.
  var link: LinkMemory?
  var linkStored: Instant?
  /// What webhooks are to be told, stored with the next write.
  var news: [WebhookEvent] = []

  var isDone: Bool { stored >= changes && writing == nil && news.isEmpty }
}

extension LiveRoom {
  /// Returns when the present memory is durable. Changes that come while one is being written share the next write.
  func persist() async throws(APIError) {
    // What came too late to be a change: a newer room may be in the store.
    if isRetired { return }
    persistence.changes += 1
    let wanted = persistence.changes
    while persistence.stored < wanted {
      let task = persistence.writing ?? Task { try await self.write() }
      persistence.writing = task
      do {
        try await task.value
      } catch {
        environment.logger.error(
          "A room could not be stored.", metadata: ["room": "\(stored.id)", "error": "\(error)"])
        throw .internalFault
      }
    }
  }

  /// For what nobody waits for: tried again until it is stored.
  func persistSoon() {
    Task { do throws(APIError) { try await persist() } catch { persistLater() } }
  }

  private func persistLater() {
    if persistence.isRepeating { return }
    persistence.isRepeating = true
    Task {
      try? await Task.sleep(for: .seconds(1))
      persistence.isRepeating = false
      persistSoon()
    }
  }

  private func write() async throws {
    defer { persistence.writing = nil }
    let (change, news) = (persistence.changes, persistence.news)
    let (deadline, sanctions, wall) = (room.abandonmentDeadline, room.sanctions, environment.clock.wall)
    let keepsSanctions = sanctions == persistence.sanctions
    var memory = keepsSanctions ? room.memoryWithoutSanctions(wall) : room.memory(wall)
    let link = linkMemory
    memory.link = link
    persistence.news = []
    do {
      try await environment.store.saveRoom(
        stored.id, memory, keepsSanctions: keepsSanctions, host: room.host, expiry: expiry, reopens: false,
        news: news)
    } catch is RoomIsOver where memory.status == .ended {
      // Somebody has erased it: nothing is left to be stored.
    } catch {
      persistence.news = news + persistence.news
      throw error
    }
    persistence.stored = max(persistence.stored, change)
    (persistence.deadline, persistence.sanctions) = (deadline, sanctions)
    (persistence.link, persistence.linkStored) = (link, wall.now)
    if !news.isEmpty { environment.webhooks.wake() }
  }

  private var expiry: Int64 {
    let wall = environment.clock.wall
    let latest = now.advanced(bySeconds: room.limits.unused)
    return wall.milliseconds(of: min(room.abandonmentDeadline ?? latest, latest))
  }

  /// Somebody asks for this room; `false` if it has made way.
  func touch() -> Bool {
    if !isRetired { touched = now }
    return !isRetired
  }

  /// Makes way if nobody needs it and everything about it is stored. Afterwards it refuses whatever is asked of it.
  func retire() async -> Bool {
    if isRetired { return true }
    guard isUnused else { return false }
    // Most were only looked at, and there is nothing new about them.
    if !persistence.isDone || room.abandonmentDeadline != persistence.deadline {
      do throws(APIError) { try await persist() } catch { return false }
    }
    // Whoever came while it was written keeps it.
    guard isUnused, persistence.isDone else { return false }
    isRetired = true
    stopAlarm()
    return true
  }

  /// Also nobody who was shown it a moment ago and is on his way to it.
  private var isUnused: Bool { isIdle && now.seconds(since: touched) >= environment.limits.roomGrace }

  func requireInUse() throws(APIError) {
    if isRetired { throw .roomUnavailable }
  }

  /// The room is over, the store knows it, and nothing of it is left to be closed. What could not be stored is tried
  /// again.
  func isSettled() async -> Bool {
    guard room.status == .ended, sessions.isEmpty, opening == nil, recording == nil, linkMemory == nil else {
      return false
    }
    if !persistence.isDone { try? await persist() }
    return persistence.isDone
  }

  /// Ends the room if its time was over when it was read from the store, and nobody has come or changed it since.
  func expire(at now: Int64) async throws(APIError) {
    guard stored.expiry <= now, persistence.changes == 0, sockets.isEmpty, sessions.isEmpty, opening == nil else {
      return
    }
    try await carryOut(room.abandon(at: self.now))
  }
}
