/// How late the packets of the last seconds were that filled a gap: sent again, as a copy, or overtaken.
///
/// Playout waits for most of them. What is lost twice or three times comes later in steps of a round trip; so that the
/// wait does not go back and forth between two steps, it grows for a quarter of the packets and shrinks for an eighth.
struct GapFills: Sendable {
  private static let memory = MediaTime.milliseconds(3_500)
  private static let capacity = 24

  private var latenesses = [MediaTime](repeating: .zero, count: capacity)
  private var arrivals = [MediaTime](repeating: .distantPast, count: capacity)
  private var next = 0
  private var ranked: [MediaTime] = []
  private var wait = MediaTime.zero

  init() { ranked.reserveCapacity(Self.capacity) }

  mutating func note(_ lateness: MediaTime, arrival: MediaTime) {
    if arrival - newest >= Self.memory { wait = .zero }
    latenesses[next] = lateness
    arrivals[next] = arrival
    next = (next + 1) % Self.capacity
    rank(at: arrival)
    // A single packet may have been overtaken by chance, or lost twice.
    guard ranked.count > 1 else { return }
    let grown = ranked[ranked.count - 1 - max(1, ranked.count / 4)]
    let shrunk = ranked[ranked.count - 1 - max(1, ranked.count / 8)]
    wait = max(grown, min(shrunk, wait))
  }

  /// Zero when no packet has come back lately.
  func wait(at now: MediaTime) -> MediaTime { now - newest < Self.memory ? wait : .zero }

  private var newest: MediaTime { arrivals[(next + Self.capacity - 1) % Self.capacity] }

  /// The recent ones, least first.
  private mutating func rank(at now: MediaTime) {
    ranked.removeAll(keepingCapacity: true)
    for index in 0..<Self.capacity where now - arrivals[index] < Self.memory {
      let lateness = latenesses[index]
      let place = ranked.firstIndex { $0 > lateness } ?? ranked.count
      ranked.insert(lateness, at: place)
    }
  }
}
