/// How the host's pictures follow each other: a second-order loop that smooths the instants at which they become ready,
/// so that one late picture neither moves the programme's clock nor is taken for the next one.
struct HostCadence: Sendable {
  /// When the newest picture really became ready.
  private(set) var last = MediaTime.distantPast
  /// Smoothed distance between two pictures.
  private(set) var interval: MediaTime
  /// When the next picture should become ready.
  private(set) var expected = MediaTime.distantPast

  /// No picture comes before: of a host who has fewer of them than the programme, the same number is missing each time.
  var awaited: MediaTime { gap.count < Self.rule ? expected : expected + interval * gap.missing }

  private let nominal: MediaTime
  /// Pictures that never came before the last one, and for how many in a row it was that number.
  private var gap: (missing: Int64, count: Int) = (0, 0)
  /// So often is no chance.
  private static let rule = 8
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
      gap = (0, 0)
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
    guard error > interval * 3 / 4 else {
      noteMissing(0)
      return error < -interval ? nil : error
    }
    let missing = (error + interval / 2).nanoseconds / max(1, interval.nanoseconds)
    noteMissing(missing)
    expected += interval * missing
    return error - interval * missing
  }

  private mutating func noteMissing(_ missing: Int64) {
    gap = (missing, missing == gap.missing ? gap.count + 1 : 1)
  }
}
