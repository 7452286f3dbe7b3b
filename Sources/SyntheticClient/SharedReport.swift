import Synchronization

/// The latest report of a client, written by its thread and read by anybody.
final class SharedReport<Report: Sendable>: Sendable {
  private let stored: Mutex<Report>

  init(_ report: Report) { stored = Mutex(report) }

  var value: Report { stored.withLock { $0 } }

  /// Changes it in place, so that its lists are not copied.
  func update(_ change: (inout Report) -> Void) { stored.withLock { change(&$0) } }
}
