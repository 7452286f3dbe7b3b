import Logging
import ServiceLifecycle

/// Removes what was kept long enough, in small pieces beside everything else, as long as the server runs.
struct StoreSweeper: Service, CustomStringConvertible {
  let store: any RetentionStore
  let recordings: RecordingFiles
  let book: SessionBook
  let limits: ServerLimits
  let logger: Logger

  /// Services are named in logs; this one knows who signed in.
  var description: String { "mixd store sweeper" }

  /// Each is one transaction, for which all other changes wait.
  private static let rooms = 20
  private static let rows = 200

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await sweep()
        try? await Task.sleep(for: .seconds(limits.sweepInterval))
      }
    }
  }

  private func sweep() async {
    do {
      if limits.retention > 0 { try await sweepOld() }
      // Also those of rooms that were removed in another way, and whose files could not be.
      for room in try await store.unknownRooms(among: recordings.rooms) { recordings.removeAll(of: room) }
    } catch is CancellationError {
    } catch {
      logger.error("Old data could not be removed.", metadata: ["error": "\(error)"])
    }
  }

  private func sweepOld() async throws {
    let now = ServerClock.wallMilliseconds()
    let time = now - Int64(limits.retention * 1000)
    while try await store.removeRooms(endedBy: time, limit: Self.rooms) == Self.rooms { try await pause() }
    while try await store.removeDeliveries(finishedBy: time, limit: Self.rows) == Self.rows { try await pause() }
    try await sweepGuests(idleBy: time, at: now)
  }

  private func sweepGuests(idleBy time: Int64, at now: Int64) async throws {
    var next: String? = ""
    while let after = next {
      let swept = try await store.sweepGuests(after: after, idleBy: time, at: now, limit: Self.rows)
      for user in swept.removed { book.forget(user) }
      next = swept.last
      try await pause()
    }
  }

  private func pause() async throws { try await Task.sleep(for: .milliseconds(100)) }
}
