import MixCore

/// Either side of ICE behind the calls a session makes.
enum ICEAgent {
  case lite(ICELiteAgent)
  case controlling(ICEControllingAgent)

  var local: ICEIdentity {
    switch self {
    case .lite(let agent): agent.local
    case .controlling(let agent): agent.local
    }
  }

  var selected: SocketAddress? {
    switch self {
    case .lite(let agent): agent.selected
    case .controlling(let agent): agent.selected
    }
  }

  /// The fragments by which checks may name this side.
  var localUfrags: [String] {
    switch self {
    case .lite(let agent): agent.localUfrags
    case .controlling(let agent): [agent.local.ufrag]
    }
  }

  /// - Parameter lastHeard: when anything authentic came last; a path that falls silent is checked early.
  func nextDeadline(lastHeard: MediaTime) -> MediaTime {
    switch self {
    case .lite: .distantFuture
    case .controlling(let agent): agent.nextDeadline(lastHeard: lastHeard)
    }
  }

  var roundTripTime: MediaTime? {
    switch self {
    case .lite: nil
    case .controlling(let agent): agent.roundTripTime
    }
  }

  /// True if an authenticated check was completed with this address.
  func isKnown(_ address: SocketAddress) -> Bool {
    switch self {
    case .lite(let agent): agent.isKnown(address)
    case .controlling(let agent): agent.isKnown(address)
    }
  }

  /// A lite agent takes authentic media from anywhere: after a NAT has changed its mind it is there before the first
  /// check is.
  func mayBringMedia(_ address: SocketAddress) -> Bool {
    switch self {
    case .lite: true
    case .controlling(let agent): agent.isKnown(address)
    }
  }

  func admits(_ remote: ICEIdentity) -> Bool {
    switch self {
    case .lite(let agent): agent.admits(remote)
    case .controlling(let agent): agent.admits(remote)
    }
  }

  /// What a restart of the peer with `remote` was answered with.
  func restartAnswer(to remote: ICEIdentity) -> ICEIdentity? {
    switch self {
    case .lite(let agent): agent.restartAnswer(to: remote)
    case .controlling: nil
    }
  }

  mutating func receive(
    _ datagram: Span<UInt8>, from source: SocketAddress, now: MediaTime, into transmits: inout TransmitQueue
  ) -> ICEOutcome {
    switch self {
    case .lite(var agent):
      defer { self = .lite(agent) }
      return agent.receive(datagram, from: source, now: now, into: &transmits)
    case .controlling(var agent):
      defer { self = .controlling(agent) }
      return agent.receive(datagram, from: source, now: now)
    }
  }

  mutating func advance(to now: MediaTime, lastHeard: MediaTime, into transmits: inout TransmitQueue) {
    guard case .controlling(var agent) = self, agent.nextDeadline(lastHeard: lastHeard) <= now else { return }
    agent.advance(to: now, lastHeard: lastHeard, into: &transmits)
    self = .controlling(agent)
  }

  mutating func mediaAuthenticated(from source: SocketAddress, now: MediaTime) {
    // Nearly every packet comes from where we send to; only a move costs a copy of the agent.
    guard case .lite(var agent) = self, agent.needsProof(of: source) else { return }
    agent.mediaAuthenticated(from: source, now: now)
    self = .lite(agent)
  }

  mutating func handshakeContinues(from source: SocketAddress) {
    guard case .lite(var agent) = self else { return }
    agent.handshakeContinues(from: source)
    self = .lite(agent)
  }

  mutating func begin(remote: ICEIdentity, candidates: [SocketAddress], now: MediaTime) {
    switch self {
    case .lite(var agent):
      agent.setRemote(remote)
      self = .lite(agent)
    case .controlling(var agent):
      agent.setRemote(remote, candidates: candidates, now: now)
      self = .controlling(agent)
    }
  }

  /// A lite agent has no use for the peer's candidates: it answers where checks come from.
  mutating func add(candidate: SocketAddress, now: MediaTime) {
    guard case .controlling(var agent) = self else { return }
    agent.add(candidate, now: now)
    self = .controlling(agent)
  }

  mutating func restart(local: ICEIdentity, remote: ICEIdentity) {
    guard case .lite(var agent) = self else { return }
    agent.restart(local: local, remote: remote)
    self = .lite(agent)
  }

  mutating func beginRestart(local: ICEIdentity) {
    guard case .controlling(var agent) = self else { return }
    agent.restart(local: local)
    self = .controlling(agent)
  }

  mutating func completeRestart(remote: ICEIdentity, now: MediaTime) {
    guard case .controlling(var agent) = self else { return }
    agent.completeRestart(remote: remote, now: now)
    self = .controlling(agent)
  }
}
