/// What a chatting crowd saw.
struct ChatLoadReport: Encodable {
  /// Milliseconds.
  struct Times: Encodable {
    var count: Int
    var p50: Double
    var p90: Double
    var p99: Double
    var max: Double

    init(_ histogram: Histogram) {
      count = histogram.count
      p50 = histogram.milliseconds(of: 0.5)
      p90 = histogram.milliseconds(of: 0.9)
      p99 = histogram.milliseconds(of: 0.99)
      max = histogram.milliseconds(of: 1)
    }
  }

  var sockets: Int
  var sent: Int
  /// Messages the server did not take.
  var refused: Int
  /// Sockets that ended before the crowd left.
  var lost: Int
  /// From sending a message to its arrival at one socket.
  var delivery: Times
  /// From sending a message to the server's word that it is kept.
  var acknowledgement: Times
  /// Deliveries that should have been and were not.
  var missing: Int
  /// Sockets the server has cut off for reading too slowly since it started.
  var slowSockets: Int?
}

/// Times in steps of a tenth of a millisecond, up to ten seconds.
struct Histogram {
  private var buckets = [Int](repeating: 0, count: 100_001)
  private(set) var count = 0

  mutating func add(nanoseconds: Int64) {
    buckets[Int(min(max(0, nanoseconds / 100_000), 100_000))] += 1
    count += 1
  }

  mutating func add(_ other: Histogram) {
    for index in buckets.indices { buckets[index] += other.buckets[index] }
    count += other.count
  }

  /// The time that this part of all did not exceed.
  func milliseconds(of part: Double) -> Double {
    var left = Int((Double(count) * part).rounded(.up))
    for (index, number) in buckets.enumerated() {
      left -= number
      if left <= 0, number > 0 { return Double(index) / 10 }
    }
    return 0
  }
}
