import MixCore

/// The last flight sent and when to send it again (RFC 6347 §4.2.4).
struct DTLSRetransmission {
  private var flight: [[UInt8]] = []
  private var interval = initialInterval
  private var lastSent = MediaTime.distantPast
  private(set) var nextDeadline = MediaTime.distantFuture

  /// RFC 6347 says 1 s; media that waits for it is worth more than a few duplicates on slow paths.
  private static let initialInterval = MediaTime.milliseconds(250)
  private static let maximumInterval = MediaTime.seconds(3)
  /// Answers to a peer's repetitions are no more frequent than this, whatever it sends.
  private static let minimumGap = MediaTime.milliseconds(100)

  func isDue(_ now: MediaTime) -> Bool { now >= nextDeadline }

  mutating func begin(_ flight: [[UInt8]], now: MediaTime) {
    self.flight = flight
    interval = Self.initialInterval
    lastSent = now
    nextDeadline = now + interval
  }

  mutating func repeatFlight(now: MediaTime) -> [[UInt8]] {
    interval = min(interval * 2, Self.maximumInterval)
    lastSent = now
    nextDeadline = now + interval
    return flight
  }

  /// The peer repeats its last flight: ours was lost.
  mutating func answerToRepetition(now: MediaTime) -> [[UInt8]] {
    guard now - lastSent >= Self.minimumGap else { return [] }
    lastSent = now
    return flight
  }

  mutating func stop() {
    flight = []
    nextDeadline = .distantFuture
  }
}
