import ServiceLifecycle

/// Looks for dead rooms as long as the server runs.
struct RoomReaper: Service {
  let rooms: RoomRegistry
  /// Seconds between two rounds.
  let interval: Double

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await rooms.tidy()
        try? await Task.sleep(for: .seconds(interval))
      }
    }
  }
}
