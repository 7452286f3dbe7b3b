import MixCore

/// A few packets sent at a higher rate than usual, to see whether it gets through.
struct ProbeCluster: Sendable, Equatable {
  static let duration = 0.02
  static let leastPackets = 5
  /// Timers fire this early or late without harm.
  private static let slack = MediaTime.milliseconds(1)
  private static let patience = MediaTime.milliseconds(200)

  /// 1…255; 0 marks packets of no cluster.
  let number: UInt8
  let rate: Double
  private let made: MediaTime
  private var started: MediaTime?
  private var packets = 0
  private var bytes = 0

  init(number: UInt8, rate: Double, now: MediaTime) {
    self.number = number
    self.rate = rate
    made = now
  }

  var goal: Int { Int(rate * Self.duration / 8) }
  var isComplete: Bool { packets >= Self.leastPackets && bytes >= goal }

  /// A cluster that could not be sent in time measures nothing.
  func isExpired(_ now: MediaTime) -> Bool { now - (started ?? made) > Self.patience }

  /// When its next packet is due.
  var deadline: MediaTime {
    guard let started else { return made }
    return started + MediaTime(seconds: Double(bytes) * 8 / rate) - Self.slack
  }

  mutating func noteSent(bytes size: Int, now: MediaTime) {
    if started == nil { started = now }
    packets += 1
    bytes += size
  }
}

/// What became of the clusters under way.
struct ProbeMeasurement: Sendable {
  private struct Flight: Sendable {
    var number: UInt8
    var rate: Double
    var goal: Int
    var packets = 0
    var bytes = 0
    var firstSent = MediaTime.distantFuture
    var lastSent = MediaTime.distantPast
    var firstArrival = MediaTime.distantFuture
    var lastArrival = MediaTime.distantPast
    var lastSize = 0
    var firstSize = 0
    var hasNews = false
  }

  struct Result: Sendable, Equatable {
    var probed: Double
    var measured: Double
    /// The path carries no more.
    var isLimit = false
  }

  private static let maximum = 8
  /// Of the bytes of a cluster, so that loss does not spoil it.
  private static let leastShare = 0.7
  private static let intervals = MediaTime.microseconds(500)...MediaTime.seconds(1)
  /// What arrives much faster than it was sent was held up by something before.
  private static let greatestCompression = 2.0
  private static let unsaturated = 0.9
  private static let utilisation = 0.95

  private var flights: [Flight] = []

  mutating func begin(_ cluster: ProbeCluster) {
    if flights.count == Self.maximum { flights.removeFirst() }
    flights.append(Flight(number: cluster.number, rate: cluster.rate, goal: cluster.goal))
  }

  mutating func noteArrival(cluster: UInt8, bytes: Int, sent: MediaTime, arrival: MediaTime) {
    guard cluster != 0, let index = flights.lastIndex(where: { $0.number == cluster }) else { return }
    flights[index].packets += 1
    flights[index].bytes += bytes
    if sent < flights[index].firstSent { flights[index].firstSent = sent }
    if sent >= flights[index].lastSent { (flights[index].lastSent, flights[index].lastSize) = (sent, bytes) }
    if arrival < flights[index].firstArrival {
      (flights[index].firstArrival, flights[index].firstSize) = (arrival, bytes)
    }
    flights[index].lastArrival = max(flights[index].lastArrival, arrival)
    flights[index].hasNews = true
  }

  /// The best cluster that a report completed.
  mutating func takeResult() -> Result? {
    var best: Result?
    for index in flights.indices where flights[index].hasNews {
      flights[index].hasNews = false
      guard let result = Self.measure(flights[index]) else { continue }
      if result.measured > best?.measured ?? 0 { best = result }
    }
    return best
  }

  private static func measure(_ flight: Flight) -> Result? {
    guard flight.packets >= ProbeCluster.leastPackets - 1, Double(flight.bytes) >= leastShare * Double(flight.goal)
    else { return nil }
    let sending = flight.lastSent - flight.firstSent
    let arriving = flight.lastArrival - flight.firstArrival
    guard intervals.contains(sending), intervals.contains(arriving) else { return nil }
    let sent = Double(flight.bytes - flight.lastSize) * 8 / sending.seconds
    let received = Double(flight.bytes - flight.firstSize) * 8 / arriving.seconds
    guard received < greatestCompression * sent else { return nil }
    let isLimit = received < unsaturated * sent
    let measured = isLimit ? utilisation * received : min(sent, received)
    return Result(probed: flight.rate, measured: measured, isLimit: isLimit)
  }
}
