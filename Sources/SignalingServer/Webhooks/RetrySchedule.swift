/// When an event that was not taken is sent again. Times are milliseconds since 1970: they outlive the process.
struct RetrySchedule: Sendable, Equatable {
  /// Milliseconds after the first, second, … failure; the last one repeats.
  var pauses: [Int64] = [1_000, 5_000, 30_000, 60_000, 300_000, 900_000, 3_600_000]
  /// Milliseconds after which an event is given up.
  var life: Int64 = 24 * 3_600_000
  /// How much of a pause chance takes away or adds, so that receivers that come back are not met by all at once.
  var spread = 0.2

  /// The pause after that many failures in a row; `jitter` is 0 … 1.
  func pause(afterFailures failures: Int, jitter: Double) -> Int64 {
    guard let last = pauses.last else { return 0 }
    let pause = failures <= pauses.count ? pauses[max(failures, 1) - 1] : last
    return Int64((Double(pause) * (1 - spread + 2 * spread * jitter)).rounded())
  }
}
