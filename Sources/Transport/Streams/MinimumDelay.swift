import MixCore

/// The least of a series of one-way delays over the last 5 to 10 seconds: what remains when queues are empty.
///
/// Two halves take turns, so that a slow drift between the clocks of sender and receiver is followed. Other uses choose
/// another length of a half.
struct MinimumDelay: Sendable {
  private let half: MediaTime
  private var current: MediaTime?
  private var previous: MediaTime?
  private var currentSince = MediaTime.zero

  init(half: MediaTime = .seconds(5)) { self.half = half }

  mutating func note(_ delay: MediaTime, now: MediaTime) {
    guard let known = current else {
      current = delay
      currentSince = now
      return
    }
    if now - currentSince > half {
      previous = known
      current = delay
      currentSince = now
    } else {
      current = min(known, delay)
    }
  }

  /// The zero of the sender's clock moved.
  mutating func shift(by distance: MediaTime) {
    current = current.map { $0 + distance }
    previous = previous.map { $0 + distance }
  }

  var value: MediaTime? {
    guard let current else { return nil }
    return previous.map { min($0, current) } ?? current
  }
}
