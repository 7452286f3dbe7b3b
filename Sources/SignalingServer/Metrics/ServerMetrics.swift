import Synchronization

/// Counters of the control plane.
final class ServerMetrics: Sendable {
  struct Values: Sendable {
    var responses: [String: Int] = [:]
    var sockets = 0
    var socketsOpened = 0
    var socketsTooSlow = 0
    var socketsRefused = 0
    var mediaEvents = 0
    /// Tries to deliver events by result, and events that wait.
    var webhooks: [String: Int] = [:]
    var webhookBacklog = 0
    /// Texts shown to the operator's moderation by result, and the seconds that took.
    var moderation: [String: Int] = [:]
    var moderationSeconds = 0.0
    var mediaIsDown = false
    var isStopping = false
  }

  private let values = Mutex(Values())

  func update(_ change: (inout Values) -> Void) {
    values.withLock { change(&$0) }
  }

  func read() -> Values { values.withLock { $0 } }
}
