import MixCore

/// The answering side of ICE on a public address (RFC 8445 §2.5): it sends no checks, it only answers those that prove
/// knowledge of both passwords.
///
/// A check proves who sent it, not that its source address is true. So once media flows, a new address becomes the
/// destination only when a check and authenticated media have come from it, in whichever order: at once if the check
/// nominates, else when its media has come for a while and nothing from the old one, checks included. (Checks for consent need not nominate:
/// RFC 7675 §5.1; those of Firefox do not, and after a change of its NAT's port no others come.)
struct ICELiteAgent {
  /// Both sides' credentials of one description or restart.
  private struct Generation {
    let local: ICEIdentity
    let remote: ICEIdentity
    var isRestart = false
  }

  private struct Route {
    let address: SocketAddress
    /// Nothing but authentic media came from there while this is `nil`.
    var lastCheck: MediaTime?
    /// The last check that carried USE-CANDIDATE.
    var lastNomination: MediaTime?
  }

  private(set) var local: ICEIdentity
  /// Valid credentials: first those in use, then those of restarts whose nomination has not come yet.
  private var generations: [Generation] = []
  private var routes: [Route] = []
  /// Where to send.
  private(set) var selected: SocketAddress?
  /// Where the last authentic packet came from; once there is one, changes of address need proof.
  private var lastMediaSource: SocketAddress?
  /// Where all authentic packets have come from since then, other than where we send.
  private var newcomer: (address: SocketAddress, since: MediaTime)?

  /// More than the interfaces of any client; bounds the memory a peer can take.
  static let maximumRoutes = 8
  /// Longer than packets overtake each other on two ways, shorter than anybody waits for a frozen picture.
  static let silence = MediaTime.milliseconds(500)
  /// A restart whose answer gets lost is tried again; more at once are of no use to anybody.
  static let maximumGenerations = 4

  init(local: ICEIdentity) { self.local = local }

  mutating func setRemote(_ credentials: ICEIdentity) {
    generations = [Generation(local: local, remote: credentials)]
  }

  /// Begins an ICE restart (RFC 8445 §9): new credentials on both sides, the media stays where it is meanwhile.
  mutating func restart(local: ICEIdentity, remote: ICEIdentity) {
    if generations.count >= Self.maximumGenerations { generations.remove(at: 1) }
    generations.append(Generation(local: local, remote: remote, isRestart: true))
    self.local = local
  }

  /// The fragments by which a check may name this agent.
  var localUfrags: [String] { generations.isEmpty ? [local.ufrag] : generations.map(\.local.ufrag) }

  /// Whether these credentials of the peer are valid.
  func admits(_ remote: ICEIdentity) -> Bool { generations.contains { $0.remote == remote } }

  /// What the restart with `remote` was answered with.
  func restartAnswer(to remote: ICEIdentity) -> ICEIdentity? {
    generations.last { $0.isRestart && $0.remote == remote }?.local
  }

  /// True if an authenticated check came from there.
  func isKnown(_ address: SocketAddress) -> Bool {
    routes.contains { $0.address == address && $0.lastCheck != nil }
  }

  mutating func receive(
    _ datagram: Span<UInt8>, from source: SocketAddress, now: MediaTime, into transmits: inout TransmitQueue
  ) -> ICEOutcome {
    let message: STUNMessage
    switch Self.parse(datagram) {
    case .success(let parsed): message = parsed
    case .failure(let reason): return .dropped(reason)
    }
    guard message.isBindingRequest else { return .dropped(.stunUnexpected) }
    guard let index = generation(of: message, in: datagram) else { return .dropped(.stunCredentials) }
    let answer = answer(to: message, from: source, password: Array(generations[index].local.password.utf8))
    transmits.append(to: source, answer.bytes)
    guard answer.isSuccess else { return .authenticated }
    if message.useCandidate { generations.removeFirst(index) }
    remember(source, isNominated: message.useCandidate, now: now)
    return .authenticated
  }

  /// False if authenticated media from this address can change nothing.
  func needsProof(of source: SocketAddress) -> Bool {
    source != lastMediaSource || source != selected || newcomer != nil
  }

  /// SRTP or SRTCP from this address passed its check.
  mutating func mediaAuthenticated(from source: SocketAddress, now: MediaTime) {
    lastMediaSource = source
    guard source != selected else {
      newcomer = nil
      return
    }
    if newcomer?.address != source { newcomer = (source, now) }
    if let index = routes.firstIndex(where: { $0.address == source }) {
      move(to: index, isAlone: newcomer.map { now - $0.since >= Self.silence } ?? false, now: now)
    } else {
      add(Route(address: source))
    }
  }

  /// A DTLS datagram came from a known address: before keys exist, a nominated pair that is in use wins.
  mutating func handshakeContinues(from source: SocketAddress) {
    guard lastMediaSource == nil, routes.contains(where: { $0.address == source && $0.lastNomination != nil })
    else { return }
    selected = source
  }

  private mutating func remember(_ source: SocketAddress, isNominated: Bool, now: MediaTime) {
    // He is still there: what comes from elsewhere may be a copy that was faster.
    if source == selected { newcomer = nil }
    if let index = routes.firstIndex(where: { $0.address == source }) {
      routes[index].lastCheck = now
      if isNominated { routes[index].lastNomination = now }
      if source == lastMediaSource { move(to: index, isAlone: false, now: now) }
    } else {
      add(Route(address: source, lastCheck: now, lastNomination: isNominated ? now : nil))
    }
    if isNominated, selected == nil { selected = source }
  }

  /// Late packets from the old address must not move the destination back.
  private mutating func move(to index: Int, isAlone: Bool, now: MediaTime) {
    let route = routes[index]
    let current = routes.first { $0.address == selected }?.lastNomination ?? .distantPast
    let isNominated = route.lastNomination ?? .distantPast > current
    guard isNominated || (isAlone && route.lastCheck != nil) else { return }
    if !isNominated { routes[index].lastNomination = now }
    selected = route.address
    newcomer = nil
  }

  private mutating func add(_ route: Route) {
    if routes.count >= Self.maximumRoutes { removeOldestRoute() }
    routes.append(route)
  }

  private mutating func removeOldestRoute() {
    let oldest = routes.indices.filter { routes[$0].address != selected }.min {
      (routes[$0].lastCheck ?? .distantPast) < (routes[$1].lastCheck ?? .distantPast)
    }
    if let oldest { routes.remove(at: oldest) }
  }

  static func parse(_ datagram: Span<UInt8>) -> Result<STUNMessage, DropReason> {
    do throws(STUNError) {
      return .success(try STUNMessage(datagram))
    } catch {
      return .failure(error == .badFingerprint ? .stunFingerprint : .malformed)
    }
  }

  private func generation(of message: STUNMessage, in datagram: Span<UInt8>) -> Int? {
    guard let username = message.username else { return nil }
    return generations.firstIndex { generation in
      let expected = Array("\(generation.local.ufrag):\(generation.remote.ufrag)".utf8)
      return datagram.elementsEqual(expected, in: username)
        && STUNIntegrity.isValid(message, in: datagram, password: Array(generation.local.password.utf8))
    }
  }

  private func answer(
    to request: STUNMessage, from source: SocketAddress, password: [UInt8]
  ) -> (bytes: [UInt8], isSuccess: Bool) {
    var writer = STUNWriter(
      request.unknownAttribute == nil && request.controlled == nil ? .success : .failure,
      transaction: request.transaction)
    if let unknown = request.unknownAttribute {
      writer.appendErrorCode(420, reason: "Unknown Attribute")
      writer.append(.unknownAttributes, unknown)
    } else if request.controlled != nil {
      // A lite agent is always controlled (RFC 8445 §6.1.1), so its peer must be controlling.
      writer.appendErrorCode(487, reason: "Role Conflict")
    } else {
      writer.append(.xorMappedAddress, STUNAddress.write(source, transaction: request.transaction))
      return (writer.finished(password: password), true)
    }
    return (writer.finished(password: password), false)
  }
}
