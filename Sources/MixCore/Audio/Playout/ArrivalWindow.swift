/// How late packets arrive, compared with the fastest packet of the last three seconds.
///
/// The window forgets all at once: a disturbance raises the spread with its first packets and has no effect three
/// seconds after its last one. The worst single event in the window, a stall and what comes in a heap after it, does
/// not count: waiting would help nobody any more. A sender's clock drift moves the base by less than a millisecond
/// within the window. What is known to be out of date can be forgotten at once.
struct ArrivalWindow: Sendable {
  private static let length = MediaTime.seconds(3)
  private static let capacity = 512
  private static let bucket: Int64 = 5_000_000
  private static let buckets = 128
  /// One packet in fifty may come later than the spread says.
  private static let outlierShare = 50
  /// What arrives so shortly before or after the latest packet belongs to the same event.
  private static let event: Int64 = 150_000_000
  /// Fewer packets say too little to leave any out.
  private static let enough = 50

  private var delays = [Int64](repeating: 0, count: capacity)
  private var arrivals = [MediaTime](repeating: .zero, count: capacity)
  private var first = 0
  private(set) var count = 0
  private var histogram = [Int](repeating: 0, count: buckets)

  /// Local time of position zero, as told by the fastest packet.
  private(set) var base = MediaTime.zero
  /// How much later than the fastest one nearly every packet is.
  private(set) var spread = MediaTime.zero
  /// When the packet recorded last arrived.
  private(set) var newest = MediaTime.zero

  mutating func record(position: Int64, arrival: MediaTime) {
    while count > 0, count == Self.capacity || arrival - arrivals[first] > Self.length {
      first = (first + 1) % Self.capacity
      count -= 1
    }
    let index = (first + count) % Self.capacity
    delays[index] = (arrival - MediaTime(count: position, rate: 48_000)).nanoseconds
    arrivals[index] = arrival
    count += 1
    newest = arrival
    measure()
  }

  /// Forgets all but the `packets` recorded last.
  mutating func keep(newest packets: Int) {
    guard packets > 0, packets < count else { return }
    first = (first + count - packets) % Self.capacity
    count = packets
    measure()
  }

  /// How much later than the fastest packet one with this position is.
  func lateness(position: Int64, arrival: MediaTime) -> MediaTime {
    count == 0 ? .zero : arrival - MediaTime(count: position, rate: 48_000) - base
  }

  private mutating func measure() {
    var least = Int64.max
    var worst = first
    for offset in 0..<count {
      let index = (first + offset) % Self.capacity
      least = min(least, delays[index])
      if delays[index] > delays[worst] { worst = index }
    }
    base = MediaTime(nanoseconds: least)
    for index in histogram.indices { histogram[index] = 0 }
    let event = count < Self.enough ? nil : arrivals[worst].nanoseconds
    var counted = 0
    for offset in 0..<count {
      let index = (first + offset) % Self.capacity
      if let event, abs(arrivals[index].nanoseconds &- event) <= Self.event { continue }
      let late = delays[index] &- least
      histogram[Int(min(max(0, late) / Self.bucket, Int64(Self.buckets - 1)))] += 1
      counted += 1
    }
    spread = quantile(of: counted)
  }

  private func quantile(of counted: Int) -> MediaTime {
    var outliers = counted / Self.outlierShare
    var index = Self.buckets - 1
    while index > 0, histogram[index] <= outliers {
      outliers -= histogram[index]
      index -= 1
    }
    return MediaTime(nanoseconds: Self.bucket * Int64(index + 1))
  }
}
