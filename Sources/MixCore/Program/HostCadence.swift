/// How the host's pictures follow each other: a second-order loop that smooths the instants at which they become ready,
/// so that one late picture neither moves the programme's clock nor is taken for the next one.
struct HostCadence: Sendable {
  /// When the newest picture really became ready.
  private(set) var last = MediaTime.distantPast
  /// Smoothed distance between two pictures.
  private(set) var interval: MediaTime
  /// When the next picture should become ready.
  private(set) var expected = MediaTime.distantPast

  private let nominal: MediaTime
  private static let lostAfter = MediaTime.milliseconds(200)

  init(nominal: MediaTime) {
    self.nominal = nominal
    interval = nominal
  }

  func isLost(at now: MediaTime) -> Bool { now - last >= Self.lostAfter }

  /// A picture became ready at `now`.
  /// - Returns: its smoothed instant, and whether the cadence begins anew with it.
  mutating func note(_ now: MediaTime) -> (instant: MediaTime, isFirst: Bool) {
    let isLost = self.isLost(at: now)
    last = now
    guard !isLost, let error = error(at: now) else {
      interval = nominal
      expected = now + interval
      return (now, true)
    }
    let instant = expected + error / 8
    let limit = interval / 8
    interval += min(max(error, -limit), limit) / 64
    expected = instant + interval
    return (instant, false)
  }

  /// How much later than expected `now` is, after pictures that never came; `nil` when nothing is as expected.
  private mutating func error(at now: MediaTime) -> MediaTime? {
    let error = now - expected
    guard error > interval * 3 / 4 else { return error < -interval ? nil : error }
    let missing = (error + interval / 2).nanoseconds / max(1, interval.nanoseconds)
    expected += interval * missing
    return error - interval * missing
  }
}
