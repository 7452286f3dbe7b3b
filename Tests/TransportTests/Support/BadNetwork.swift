import MixCore

@testable import Transport

/// A network in memory with virtual time: it loses, delays, reorders and repeats datagrams as its seed says.
struct BadNetwork {
  struct Conditions {
    /// Shares of all datagrams, 0…1.
    var loss = 0.0
    var duplication = 0.0
    /// This share of datagrams takes `reorderDelay` more, so that later ones overtake them.
    var reordering = 0.0
    var reorderDelay = MediaTime.milliseconds(15)
    var delay = MediaTime.milliseconds(20)
    /// At most this much is added to the delay of each datagram, at random.
    var jitter = MediaTime.zero

    static let perfect = Conditions()
  }

  struct Datagram {
    let bytes: [UInt8]
    let source: SocketAddress
    let destination: SocketAddress
  }

  private struct Flight {
    let arrival: MediaTime
    /// Keeps datagrams of the same instant in order.
    let number: Int
    let datagram: Datagram
  }

  var conditions: Conditions
  /// The datagrams, counted from 0, that never arrive.
  var lost: Set<Int> = []
  private(set) var sent = 0
  private var random: RandomSource
  private var flights: [Flight] = []
  private var count = 0

  init(_ conditions: Conditions = .perfect, seed: UInt64) {
    self.conditions = conditions
    random = .seeded(state: seed)
  }

  var nextArrival: MediaTime { flights.last?.arrival ?? .distantFuture }

  mutating func send(_ datagram: Datagram, now: MediaTime) {
    defer { sent += 1 }
    guard !happens(conditions.loss), !lost.contains(sent) else { return }
    schedule(datagram, now: now)
    if happens(conditions.duplication) { schedule(datagram, now: now) }
  }

  /// The earliest datagram that has arrived by `now`.
  mutating func receive(by now: MediaTime) -> Datagram? {
    guard let flight = flights.last, flight.arrival <= now else { return nil }
    return flights.removeLast().datagram
  }

  private mutating func schedule(_ datagram: Datagram, now: MediaTime) {
    var arrival = now + conditions.delay
    if conditions.jitter > .zero {
      arrival += MediaTime(nanoseconds: Int64.random(in: 0...conditions.jitter.nanoseconds, using: &random))
    }
    if happens(conditions.reordering) { arrival += conditions.reorderDelay }
    count += 1
    let flight = Flight(arrival: arrival, number: count, datagram: datagram)
    // Latest first, so that the next one is taken from the end.
    let index = flights.firstIndex { ($0.arrival, $0.number) < (arrival, count) } ?? flights.endIndex
    flights.insert(flight, at: index)
  }

  private mutating func happens(_ probability: Double) -> Bool {
    probability > 0 && Double.random(in: 0..<1, using: &random) < probability
  }
}
