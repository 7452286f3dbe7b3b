/// A cumulative histogram with fixed bounds, for `/metrics`.
public struct LatencyHistogram: Sendable {
  /// Upper bounds in seconds, from 0.1 ms to 1 s.
  public static let bounds: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.010, 0.015, 0.020, 0.030, 0.050, 0.100, 0.250, 1.0,
  ]

  /// Per bound, not cumulative; the last one counts what is above every bound.
  public private(set) var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
  public private(set) var sum = 0.0
  public private(set) var total = 0

  public init() {}

  public mutating func record(_ value: MediaTime) {
    let seconds = value.seconds
    let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    counts[index] += 1
    sum += seconds
    total += 1
  }

  /// Counts of values at or below each bound.
  public var cumulative: [Int] {
    var running = 0
    return counts.dropLast().map { count in
      running += count
      return running
    }
  }
}
