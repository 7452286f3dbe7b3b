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
    var mediaIsDown = false
    var isStopping = false
  }

  private let values = Mutex(Values())

  func update(_ change: (inout Values) -> Void) {
    values.withLock { change(&$0) }
  }

  func read() -> Values { values.withLock { $0 } }
}
