/// Remembers stalls that come again and again, such as those of a radio that looks for other stations every few seconds.
///
/// One or two stalls are not worth any delay. After the third, playout stays late enough for the next one until it has
/// failed to come for half as long again as they were apart.
struct StallMemory: Sendable {
  private struct Stall: Sendable {
    var end: MediaTime
    var height: MediaTime
  }

  private var stalls: [Stall] = []

  /// So much later than usual is a stall.
  private static let threshold = MediaTime.milliseconds(40)
  /// What is less apart is one stall.
  private static let together = MediaTime.milliseconds(500)
  private static let longestGap = MediaTime.seconds(10)
  private static let needed = 3

  init() { stalls.reserveCapacity(Self.needed + 1) }

  /// A packet came `lateness` after its time, of late `usual` was enough.
  mutating func note(lateness: MediaTime, usual: MediaTime, arrival: MediaTime) {
    guard lateness > usual + Self.threshold else { return }
    if let last = stalls.indices.last, arrival - stalls[last].end < Self.together {
      stalls[last] = Stall(end: arrival, height: max(stalls[last].height, lateness))
      return
    }
    stalls.append(Stall(end: arrival, height: lateness))
    if stalls.count > Self.needed { stalls.removeFirst() }
  }

  /// The delay that covers the stalls expected, `limit` at most; zero when none is or they are longer than that.
  func floor(at now: MediaTime, limit: MediaTime) -> MediaTime {
    guard stalls.count == Self.needed else { return .zero }
    let gap = max(stalls[1].end - stalls[0].end, stalls[2].end - stalls[1].end)
    guard gap <= Self.longestGap, now - stalls[2].end <= gap * 3 / 2 else { return .zero }
    // The middle one of three: a single longer one is not waited for.
    let (a, b, c) = (stalls[0].height, stalls[1].height, stalls[2].height)
    let middle = max(min(a, b), min(max(a, b), c))
    return middle <= limit ? middle : .zero
  }
}
