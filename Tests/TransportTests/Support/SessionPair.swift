import MixCore
import NetworkSimulation

@testable import Transport

/// A client and a server session with a bad network between them, driven by virtual time.
struct SessionPair: ~Copyable {
  var client: RTCSession
  var server: RTCSession
  var uplink: BadNetwork
  var downlink: BadNetwork
  private(set) var now = MediaTime.zero

  /// As the server sees the client; changing it is what a NAT does when it forgets.
  var clientAddress = SocketAddress(ipv4: (192, 0, 2, 10), port: 50_000)
  static let serverAddress = SocketAddress(ipv4: (198, 51, 100, 1), port: 7000)
  /// What the server sent to where the client is not.
  private(set) var astray: [BadNetwork.Datagram] = []

  private(set) var clientEvents: [RTCEvent] = []
  private(set) var serverEvents: [RTCEvent] = []
  /// Everything the client ever sent, for replaying.
  private(set) var sentByClient: [[UInt8]] = []
  private var answeredRequests = (client: 0, server: 0)
  /// While false the client sends nothing and hears nothing.
  var isClientAlive = true

  static let identities: (client: DTLSIdentity, server: DTLSIdentity)? = {
    guard let client = try? DTLSIdentity(), let server = try? DTLSIdentity() else { return nil }
    return (client, server)
  }()

  private init(
    client: consuming RTCSession, server: consuming RTCSession, _ conditions: NetworkConditions, seed: UInt64
  ) {
    self.client = client
    self.server = server
    uplink = BadNetwork(conditions, seed: seed)
    downlink = BadNetwork(conditions, seed: seed &+ 1)
  }

  /// - Parameters:
  ///   - editOffer: changes the offer on its way.
  ///   - editAnswer: changes the answer on its way.
  static func make(
    _ conditions: NetworkConditions = .perfect, seed: UInt64 = 1,
    clientIntents: [MediaIntent] = SessionPair.sending, serverIntents: [MediaIntent] = SessionPair.receiving,
    editOffer: (String) -> String = { $0 }, editAnswer: (String) -> String = { $0 }
  ) throws -> SessionPair {
    guard let identities = Self.identities else { throw TransportError.certificateFailed }
    let client = try RTCSession(.init(role: .client, certificate: identities.client, seed: seed &+ 2), now: .zero)
    let server = try RTCSession(
      .init(role: .server, certificate: identities.server, hostCandidates: [serverAddress], seed: seed &+ 3),
      now: .zero)
    var pair = SessionPair(client: client, server: server, conditions, seed: seed)
    let offer = editOffer(try pair.client.offer(intents: clientIntents))
    let answer = editAnswer(try pair.server.answer(offer: offer, intents: serverIntents))
    try pair.client.accept(answer: answer)
    return pair
  }

  static let sending = [
    MediaIntent(kind: .audio, direction: .send), MediaIntent(kind: .video, direction: .send),
  ]
  static let receiving = [
    MediaIntent(kind: .audio, direction: .receive), MediaIntent(kind: .video, direction: .receive),
  ]

  /// Lets time pass, stopping at every arrival and every deadline.
  mutating func run(until end: MediaTime) {
    flush()
    while true {
      let next = min(uplink.nextArrival, downlink.nextArrival, client.nextDeadline, server.nextDeadline)
      guard next <= end else { break }
      now = max(now, next)
      step()
    }
    now = max(now, end)
  }

  mutating func run(for duration: MediaTime) { run(until: now + duration) }

  /// Lets time pass until `condition` holds, but no longer than `limit`; returns whether it holds.
  mutating func run(for limit: MediaTime, until condition: (borrowing SessionPair) -> Bool) -> Bool {
    let end = now + limit
    while !condition(self) {
      guard now < end else { return false }
      run(until: min(end, now + .milliseconds(5)))
    }
    return true
  }

  /// Both sides said that they are connected.
  var isConnected: Bool { clientEvents.contains(.connected) && serverEvents.contains(.connected) }

  /// Sends bytes to the server as if from `source`; returns what it says, and how many bytes it answered.
  mutating func inject(_ datagram: [UInt8], from source: SocketAddress) -> (outcome: ReceiveOutcome, answered: Int) {
    flush()
    var bytes = datagram
    let outcome = unsafe bytes.withUnsafeMutableBytes { unsafe server.receive($0, from: source, now: now) }
    let answered = server.transmits.datagrams.filter { $0.destination == source }.reduce(0) { $0 + $1.length }
    flush()
    return (outcome, answered)
  }

  /// True once for each time the other side has asked this one for a key frame.
  mutating func takeKeyFrameRequest(fromClient: Bool) -> Bool {
    let requests = fromClient ? clientEvents.keyFrameRequests : serverEvents.keyFrameRequests
    let known = fromClient ? answeredRequests.client : answeredRequests.server
    if fromClient { answeredRequests.client = requests } else { answeredRequests.server = requests }
    return requests > known
  }

  private mutating func step() {
    while let datagram = uplink.receive(by: now) {
      var bytes = datagram.bytes
      _ = unsafe bytes.withUnsafeMutableBytes { unsafe server.receive($0, from: datagram.source, now: now) }
      flush()
    }
    while let datagram = downlink.receive(by: now) {
      guard isClientAlive else { continue }
      guard datagram.destination == clientAddress else {
        astray.append(datagram)
        continue
      }
      var bytes = datagram.bytes
      _ = unsafe bytes.withUnsafeMutableBytes { unsafe client.receive($0, from: Self.serverAddress, now: now) }
      flush()
    }
    if client.nextDeadline <= now { client.advance(to: now) }
    if server.nextDeadline <= now { server.advance(to: now) }
    flush()
  }

  /// Moves everything the sessions have produced to where it belongs.
  mutating func flush() {
    for datagram in client.transmits.datagrams where isClientAlive {
      let bytes = Array(client.transmits.bytes[datagram.offset..<(datagram.offset + datagram.length)])
      sentByClient.append(bytes)
      uplink.send(.init(bytes: bytes, source: clientAddress, destination: datagram.destination), now: now)
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
}

extension [RTCEvent] {
  enum Connection: Equatable { case connected, disconnected, closed(CloseReason) }

  /// The changes of the connection, in order.
  var connection: [Connection] {
    compactMap { event in
      switch event {
      case .connected: .connected
      case .disconnected: .disconnected
      case .closed(let reason): .closed(reason)
      default: nil
      }
    }
  }

  func contains(_ change: Connection) -> Bool { connection.contains(change) }
}
