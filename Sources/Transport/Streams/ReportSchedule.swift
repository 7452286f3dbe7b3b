import MixCore

/// When sender and receiver reports are due: about every second, at random between half and one and a half times that, so
/// that sessions do not fall into step (RFC 3550 §6.3.1).
struct ReportSchedule: Sendable {
  private static let interval = MediaTime.seconds(1)
  /// The first report comes soon: it is what lets the receiver align sound and picture.
  private static let firstDelay = MediaTime.milliseconds(100)

  private var state: UInt64
  private(set) var nextDeadline = MediaTime.distantFuture

  init(seed: UInt64) { state = seed }

  /// Media flows.
  mutating func start(now: MediaTime) {
    if nextDeadline == .distantFuture { nextDeadline = now + Self.firstDelay }
  }

  mutating func takeDue(now: MediaTime) -> Bool {
    guard nextDeadline <= now else { return false }
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let random = Int64(state >> 54)
    nextDeadline = now + Self.interval / 2 + Self.interval * random / 1024
    return true
  }
}
