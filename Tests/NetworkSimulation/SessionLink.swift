public import MixCore
public import Transport

/// A client and a server session with a bad network between them, driven by virtual time. What the sessions say is kept
/// until it is taken.
public struct SessionLink: ~Copyable {
  /// What can be seen of a datagram of the client without its keys.
  public struct Sighting: Sendable {
    public let time: MediaTime
    public let size: Int
    public let isLost: Bool
    /// Of RTP, else `nil`.
    public let media: RTPSighting?
  }

  public static let serverAddress = SocketAddress(ipv4: (198, 51, 100, 1), port: 7000)

  public var client: RTCSession
  public var server: RTCSession
  public var uplink: BadNetwork
  public var downlink: BadNetwork
  public private(set) var now = MediaTime.zero
  public let clientClock: PeerClock
  /// As the server sees the client; changing it is what a NAT does when it forgets.
  public var clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: 50_000)
  /// While false the client sends nothing and hears nothing.
  public var isClientAlive = true
  /// While false the server gets no time to run; what arrives waits in its socket.
  public var isServerAwake = true
  /// Answers whether a datagram of the client may go onto the network, which it may change before.
  public var uplinkFilter: (inout [UInt8]) -> Bool = { _ in true }
  /// Takes note of every datagram the client puts onto the network.
  public var onSighting: (Sighting) -> Void = { _ in }

  private var clientEvents: [RTCEvent] = []
  private var serverEvents: [RTCEvent] = []

  public init(
    client: consuming RTCSession, server: consuming RTCSession, clock: PeerClock = PeerClock(),
    up: NetworkConditions, down: NetworkConditions, seed: UInt64
  ) {
    self.client = client
    self.server = server
    clientClock = clock
    uplink = BadNetwork(up, seed: seed)
    downlink = BadNetwork(down, seed: seed &+ 1)
  }

  /// What the client's clock shows.
  public var clientNow: MediaTime { clientClock.reading(at: now) }

  /// When something happens next by itself.
  public var nextInstant: MediaTime {
    var next = downlink.nextArrival
    if isServerAwake { next = min(next, uplink.nextArrival, server.nextDeadline) }
    if isClientAlive { next = min(next, clientClock.time(of: client.nextDeadline)) }
    return max(next, now)
  }

  /// Moves to `time`, which must not lie behind `nextInstant`, and does everything that is due then.
  public mutating func step(to time: MediaTime) {
    now = max(now, time)
    while isServerAwake, let datagram = uplink.receive(by: now) {
      receiveAtServer(datagram.bytes, from: datagram.source)
    }
    while let datagram = downlink.receive(by: now) {
      guard isClientAlive, datagram.destination == clientAddress else { continue }
      var bytes = datagram.bytes
      _ = unsafe bytes.withUnsafeMutableBytes {
        unsafe client.receive($0, from: Self.serverAddress, now: clientNow)
      }
      flush()
    }
    if isClientAlive, client.nextDeadline <= clientNow { client.advance(to: clientNow) }
    if isServerAwake, server.nextDeadline <= now { server.advance(to: now) }
    flush()
  }

  /// A datagram arrives at the server by no network.
  public mutating func receiveAtServer(_ datagram: [UInt8], from source: SocketAddress) {
    var bytes = datagram
    _ = unsafe bytes.withUnsafeMutableBytes { unsafe server.receive($0, from: source, now: now) }
    flush()
  }

  /// Moves everything the sessions have produced to where it belongs.
  public mutating func flush() {
    for datagram in client.transmits.datagrams where isClientAlive {
      sendUp(Array(client.transmits.bytes[datagram.offset..<(datagram.offset + datagram.length)]))
    }
    for datagram in server.transmits.datagrams {
      let bytes = Array(server.transmits.bytes[datagram.offset..<(datagram.offset + datagram.length)])
      downlink.send(.init(bytes: bytes, source: Self.serverAddress, destination: datagram.destination), now: now)
    }
    client.transmits.removeAll()
    server.transmits.removeAll()
    while let event = client.nextEvent() { clientEvents.append(event) }
    while let event = server.nextEvent() { serverEvents.append(event) }
  }

  private mutating func sendUp(_ datagram: [UInt8]) {
    var bytes = datagram
    guard uplinkFilter(&bytes) else { return }
    let lost = uplink.counters.lost + uplink.counters.overflown
    uplink.send(.init(bytes: bytes, source: clientAddress, destination: Self.serverAddress), now: now)
    let isLost = uplink.counters.lost + uplink.counters.overflown > lost
    onSighting(Sighting(time: now, size: bytes.count, isLost: isLost, media: RTPSighting(bytes)))
  }

  public mutating func takeClientEvents() -> [RTCEvent] {
    defer { clientEvents.removeAll(keepingCapacity: true) }
    return clientEvents
  }

  public mutating func takeServerEvents() -> [RTCEvent] {
    defer { serverEvents.removeAll(keepingCapacity: true) }
    return serverEvents
  }
}
