import MediaControl
import Synchronization

/// The newest wish of every user, read from a worker's events.
final class EventLog: Sendable {
  private let wishes = Mutex<[UserID: VideoWish]>([:])

  init(_ events: AsyncStream<MediaEvent>) {
    Task { [weak self] in
      for await event in events {
        guard case .videoWish(_, let user, let wish) = event else { continue }
        self?.wishes.withLock { $0[user] = wish }
      }
    }
  }

  func wish(of user: UserID) -> VideoWish? { wishes.withLock { $0[user] } }
}
