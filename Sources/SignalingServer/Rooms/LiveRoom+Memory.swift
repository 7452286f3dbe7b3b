import Logging
import Signaling

/// What of a room's memory is stored.
struct Persistence {
  /// Counts the changes, and those that are durable.
  var changes = 0
  var stored = 0
  var writing: Task<Void, any Error>?
  /// What webhooks are to be told, stored with the next write.
  var news: [WebhookEvent] = []
}

extension LiveRoom {
  /// Returns when the present memory is durable. Changes that come while one is being written share the next write.
  func persist() async throws(APIError) {
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

  /// For what nobody waits for.
  func persistSoon() {
    Task { try? await persist() }
  }

  private func write() async throws {
    defer { persistence.writing = nil }
    let (change, news) = (persistence.changes, persistence.news)
    persistence.news = []
    do {
      try await environment.store.saveRoom(
        stored.id, room.memory(environment.clock.wall), host: stored.host, expiry: expiry, news: news)
    } catch {
      persistence.news = news + persistence.news
      throw error
    }
    persistence.stored = max(persistence.stored, change)
    if !news.isEmpty { environment.webhooks.wake() }
  }

  private var expiry: Int64 {
    let wall = environment.clock.wall
    let latest = now.advanced(bySeconds: room.limits.unused)
    return wall.milliseconds(of: min(room.abandonmentDeadline ?? latest, latest))
  }

  /// Nobody needs it any more, and everything about it is stored.
  func rests() async -> Bool {
    guard isIdle else { return false }
    do throws(APIError) { try await persist() } catch { return false }
    return isIdle
  }

  /// The room is over, and nothing of it is left to be closed.
  var isOver: Bool { room.status == .ended && sessions.isEmpty && opening == nil }

  /// Its time is over while nobody was looking.
  func expire() async throws(APIError) {
    try await carryOut(room.abandon(at: now))
  }
}
