import MixCore

/// The offering side of ICE with full checks towards a lite agent (RFC 8445 §6.1, §7.2, §8.1): tries every remote
/// candidate, nominates the first that answers, and keeps asking for consent (RFC 7675).
struct ICEControllingAgent {
  private struct Pair {
    enum Phase {
      case checking
      case nominating
      /// Nominated; further checks ask for consent.
      case selected
      /// Another pair was chosen.
      case idle
    }

    let remote: SocketAddress
    var phase = Phase.checking
    var transaction: STUNTransactionID
    /// Transmissions of the current transaction; more than one make its round trip time ambiguous.
    var attempts = 0
    var sent = MediaTime.distantPast
    var nextCheck: MediaTime
    /// The last check was answered.
    var isAnswered = false
  }

  private(set) var local: ICEIdentity
  /// Ours of a restart that the peer has not answered yet.
  private var pendingLocal: ICEIdentity?
  private var remote: ICEIdentity?
  private var pairs: [Pair] = []
  private(set) var selected: SocketAddress?
  private(set) var roundTripTime: MediaTime?
  private let tieBreaker: UInt64
  private var random: RandomSource

  static let maximumPairs = 8
  private static let initialRetransmission = MediaTime.milliseconds(100)
  private static let maximumRetransmission = MediaTime.milliseconds(1600)
  /// Half of the time after which the answering side calls us disconnected.
  private static let consentInterval = MediaTime.milliseconds(2500)
  /// A NAT may have forgotten us when nothing has come for so long; a check tells the server our new address.
  private static let suspiciousSilence = MediaTime.milliseconds(500)
  /// Priority of a peer-reflexive candidate of component 1 (RFC 8445 §5.1.2.1): type 110, local preference 65 535.
  private static let priority = UInt32(110) << 24 | UInt32(65_535) << 8 | 255

  init(local: ICEIdentity, random: RandomSource) {
    self.local = local
    self.random = random
    tieBreaker = self.random.next()
  }

  func nextDeadline(lastHeard: MediaTime) -> MediaTime {
    guard remote != nil else { return .distantFuture }
    return pairs.lazy.filter { $0.phase != .idle }.map { due($0, lastHeard: lastHeard) }.min() ?? .distantFuture
  }

  /// When a pair is checked next: the selected one early if nothing comes over it.
  private func due(_ pair: Pair, lastHeard: MediaTime) -> MediaTime {
    guard pair.phase == .selected, pair.isAnswered else { return pair.nextCheck }
    return min(pair.nextCheck, max(lastHeard, pair.sent) + Self.suspiciousSilence)
  }

  func isKnown(_ address: SocketAddress) -> Bool {
    // The pair in use stays so while a restart checks it anew (RFC 8445 §9).
    address == selected || pairs.contains { $0.remote == address && ($0.isAnswered || $0.phase != .checking) }
  }

  func admits(_ credentials: ICEIdentity) -> Bool { remote == credentials }

  mutating func setRemote(_ credentials: ICEIdentity, candidates: [SocketAddress], now: MediaTime) {
    remote = credentials
    for candidate in candidates { add(candidate, now: now) }
  }

  mutating func add(_ candidate: SocketAddress, now: MediaTime) {
    guard pairs.count < Self.maximumPairs, !pairs.contains(where: { $0.remote == candidate }) else { return }
    pairs.append(Pair(remote: candidate, transaction: STUNTransactionID(using: &random), nextCheck: now))
  }

  /// New credentials on our side; checks go on with the old ones until the peer's arrive.
  mutating func restart(local: ICEIdentity) { pendingLocal = local }

  /// Completes an ICE restart: all pairs are checked again while media stays where it is.
  mutating func completeRestart(remote: ICEIdentity, now: MediaTime) {
    self.remote = remote
    local = pendingLocal ?? local
    pendingLocal = nil
    for index in pairs.indices {
      pairs[index].phase = .checking
      beginTransaction(index, now: now)
    }
  }

  mutating func receive(_ datagram: Span<UInt8>, from source: SocketAddress, now: MediaTime) -> ICEOutcome {
    let message: STUNMessage
    switch ICELiteAgent.parse(datagram) {
    case .success(let parsed): message = parsed
    case .failure(let reason): return .dropped(reason)
    }
    // An answer must come from where its request went (RFC 8445 §7.2.5.2.1).
    guard message.messageClass == .success || message.messageClass == .failure,
      let index = pairs.firstIndex(where: { $0.transaction == message.transaction && $0.remote == source })
    else { return .dropped(.stunUnexpected) }
    guard let remote, STUNIntegrity.isValid(message, in: datagram, password: Array(remote.password.utf8))
    else { return .dropped(.stunCredentials) }
    if message.messageClass == .success { checkSucceeded(index, now: now) }
    return .authenticated
  }

  mutating func advance(to now: MediaTime, lastHeard: MediaTime, into transmits: inout TransmitQueue) {
    guard let remote else { return }
    for index in pairs.indices where pairs[index].phase != .idle && due(pairs[index], lastHeard: lastHeard) <= now {
      if pairs[index].isAnswered { beginTransaction(index, now: now) }
      pairs[index].attempts += 1
      pairs[index].sent = now
      let backOff = Self.initialRetransmission * (1 << Int64(min(pairs[index].attempts - 1, 4)))
      pairs[index].nextCheck = now + min(backOff, Self.maximumRetransmission)
      transmits.append(to: pairs[index].remote, request(for: pairs[index], remote: remote))
    }
  }

  private mutating func checkSucceeded(_ index: Int, now: MediaTime) {
    if pairs[index].isAnswered { return }
    pairs[index].isAnswered = true
    if pairs[index].attempts == 1 { roundTripTime = now - pairs[index].sent }
    switch pairs[index].phase {
    case .checking:
      let isFirst = !pairs.contains { $0.phase == .nominating || $0.phase == .selected }
      pairs[index].phase = isFirst ? .nominating : .idle
      beginTransaction(index, now: now)
    case .nominating:
      select(index, now: now)
    case .selected:
      pairs[index].nextCheck = now + Self.consentInterval
    case .idle:
      break
    }
  }

  private mutating func select(_ index: Int, now: MediaTime) {
    for other in pairs.indices where other != index { pairs[other].phase = .idle }
    pairs[index].phase = .selected
    pairs[index].nextCheck = now + Self.consentInterval
    selected = pairs[index].remote
  }

  private mutating func beginTransaction(_ index: Int, now: MediaTime) {
    pairs[index].transaction = STUNTransactionID(using: &random)
    pairs[index].attempts = 0
    pairs[index].isAnswered = false
    pairs[index].nextCheck = now
  }

  private func request(for pair: Pair, remote: ICEIdentity) -> [UInt8] {
    var writer = STUNWriter(.request, transaction: pair.transaction)
    writer.append(.username, Array("\(remote.ufrag):\(local.ufrag)".utf8))
    writer.append(.iceControlling, tieBreaker)
    writer.append(.priority, Self.priority)
    if pair.phase != .checking { writer.append(.useCandidate) }
    return writer.finished(password: Array(remote.password.utf8))
  }
}
