public import MixCore
public import Transport

/// A network in memory with virtual time: it loses, delays, reorders, repeats and damages datagrams as its seed says, and
/// is as narrow as it is told to be. One direction; both directions are two networks.
public struct BadNetwork: Sendable {
  public struct Datagram: Sendable {
    public let bytes: [UInt8]
    public let source: SocketAddress
    public let destination: SocketAddress

    public init(bytes: [UInt8], source: SocketAddress, destination: SocketAddress) {
      self.bytes = bytes
      self.source = source
      self.destination = destination
    }
  }

  /// What happened to the datagrams so far.
  public struct Counters: Sendable, Equatable {
    public var sent = 0
    public var lost = 0
    /// Found the queue before the narrow part of the path full.
    public var overflown = 0
    /// Went onto the network a second time.
    public var duplicated = 0
    public var delivered = 0
    public var deliveredBytes = 0
  }

  private struct Flight {
    let arrival: MediaTime
    /// Keeps datagrams of the same instant in order.
    let number: Int
    let datagram: Datagram
  }

  /// Bytes of IPv4 and UDP headers, which take their part of the rate.
  private static let overhead = 28

  /// May be changed at any time; what is under way keeps its arrival.
  public var conditions: NetworkConditions
  /// The datagrams, counted from 0, that never arrive.
  public var lost: Set<Int> = []
  public private(set) var counters = Counters()
  private var random: RandomSource
  private var flights: [Flight] = []
  private var count = 0
  private var isInBurst = false
  /// When the narrow part of the path has sent everything that waits before it.
  private var freeAt = MediaTime.distantPast

  public init(_ conditions: NetworkConditions = .perfect, seed: UInt64) {
    self.conditions = conditions
    random = .seeded(state: seed)
  }

  public var sent: Int { counters.sent }
  public var nextArrival: MediaTime { flights.last?.arrival ?? .distantFuture }

  /// How long what is sent now would wait before the narrow part.
  public func wait(at now: MediaTime) -> MediaTime { max(.zero, freeAt - now) }

  public mutating func send(_ datagram: Datagram, now: MediaTime) {
    defer { counters.sent += 1 }
    guard !isLost(), !lost.contains(counters.sent) else {
      counters.lost += 1
      return
    }
    schedule(datagram, now: now)
    guard happens(conditions.duplication) else { return }
    counters.duplicated += 1
    schedule(datagram, now: now)
  }

  /// The earliest datagram that has arrived by `now`.
  public mutating func receive(by now: MediaTime) -> Datagram? {
    guard let flight = flights.last, flight.arrival <= now else { return nil }
    counters.delivered += 1
    counters.deliveredBytes += flight.datagram.bytes.count
    return flights.removeLast().datagram
  }

  private mutating func isLost() -> Bool {
    if conditions.isDown { return true }
    if let burst = conditions.burst {
      isInBurst = happens(isInBurst ? 1 - burst.end : burst.begin)
      if isInBurst { return true }
    }
    return happens(conditions.loss)
  }

  private mutating func schedule(_ datagram: Datagram, now: MediaTime) {
    guard var arrival = passNarrowPart(size: datagram.bytes.count, now: now) else {
      counters.overflown += 1
      return
    }
    arrival += conditions.delay
    if conditions.jitter > .zero {
      arrival += MediaTime(nanoseconds: Int64.random(in: 0...conditions.jitter.nanoseconds, using: &random))
    }
    if happens(conditions.reordering) { arrival += conditions.reorderDelay }
    count += 1
    let flight = Flight(arrival: arrival, number: count, datagram: damaged(datagram))
    // Latest first, so that the next one is taken from the end.
    let index = flights.firstIndex { ($0.arrival, $0.number) < (arrival, count) } ?? flights.endIndex
    flights.insert(flight, at: index)
  }

  /// When the last bit has left the narrow part; `nil` if the queue before it is full.
  private mutating func passNarrowPart(size: Int, now: MediaTime) -> MediaTime? {
    guard let rate = conditions.rate else { return now }
    let start = max(freeAt, now)
    guard start - now <= conditions.queue else { return nil }
    freeAt = start + MediaTime(nanoseconds: Int64((size + Self.overhead) * 8) * 1_000_000_000 / Int64(max(rate, 1)))
    return freeAt
  }

  private mutating func damaged(_ datagram: Datagram) -> Datagram {
    guard happens(conditions.corruption), !datagram.bytes.isEmpty else { return datagram }
    var bytes = datagram.bytes
    let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return Datagram(bytes: bytes, source: datagram.source, destination: datagram.destination)
  }

  private mutating func happens(_ probability: Double) -> Bool {
    probability > 0 && Double.random(in: 0..<1, using: &random) < probability
  }
}
