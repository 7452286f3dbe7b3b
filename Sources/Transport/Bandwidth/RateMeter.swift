import MixCore

/// Bits per second over the last moments, counted in slots that are reused.
struct RateMeter: Sendable {
  private static let slots = 10
  /// A rate is told from so much of the window on.
  private static let leastSlots = 3

  private let slot: MediaTime
  private var counts = [Int](repeating: 0, count: RateMeter.slots)
  private var total = 0
  private var newest: Int64?
  private var started: Int64 = 0

  /// - Parameter window: how far back is counted.
  init(window: MediaTime) { slot = window / Int64(Self.slots) }

  mutating func add(_ bytes: Int, at time: MediaTime) {
    move(to: time)
    guard let newest else { return }
    counts[Self.place(newest)] &+= bytes
    total &+= bytes
  }

  /// `nil` until enough was counted.
  mutating func rate(at time: MediaTime) -> Double? {
    guard newest != nil else { return nil }
    move(to: time)
    guard let newest, newest - started >= Self.leastSlots else { return nil }
    let covered = min(newest - started + 1, Int64(Self.slots))
    return Double(total) * 8 / (slot * covered).seconds
  }

  mutating func reset() { newest = nil }

  private static func place(_ number: Int64) -> Int { Int(((number % Int64(slots)) + Int64(slots)) % Int64(slots)) }

  private mutating func move(to time: MediaTime) {
    let number = time.nanoseconds / slot.nanoseconds
    guard let last = newest, number - last < Int64(Self.slots), last - number < Int64(Self.slots) else {
      for index in counts.indices { counts[index] = 0 }
      // After a pause the silence counts, at the very beginning it does not.
      started = newest != nil && number > (newest ?? number) ? number - Int64(Self.slots) + 1 : number
      total = 0
      newest = number
      return
    }
    guard number > last else { return }
    for passed in (last + 1)...number {
      total &-= counts[Self.place(passed)]
      counts[Self.place(passed)] = 0
    }
    newest = number
  }
}
