import MixCore

/// The answering side of ICE on a public address (RFC 8445 §2.5): it sends no checks, it only answers those that prove
/// knowledge of both passwords.
///
/// A check proves who sent it, not that its source address is true. So once media flows, a new address becomes the
/// destination only when authenticated media has come from it.
struct ICELiteAgent {
  private struct Route {
    let address: SocketAddress
    var lastCheck: MediaTime
    /// The last check that carried USE-CANDIDATE.
    var lastNomination: MediaTime?
  }

  private(set) var local: ICEIdentity
  private var remote: ICEIdentity?
  /// What was valid before an ICE restart; ends with the first nomination under the new credentials.
  private var previous: (local: ICEIdentity, remote: ICEIdentity)?
  private var routes: [Route] = []
  /// Where to send.
  private(set) var selected: SocketAddress?
  /// Media keys are agreed, so changes of address need proof.
  private var isProtected = false

  /// More than the interfaces of any client; bounds the memory a peer can take.
  static let maximumRoutes = 8

  init(local: ICEIdentity) { self.local = local }

  mutating func setRemote(_ credentials: ICEIdentity) { remote = credentials }

  /// Begins an ICE restart (RFC 8445 §9): new credentials on both sides, the media stays where it is meanwhile.
  mutating func restart(local: ICEIdentity, remote: ICEIdentity) {
    if let old = self.remote { previous = (self.local, old) }
    self.local = local
    self.remote = remote
  }

  func isKnown(_ address: SocketAddress) -> Bool { routes.contains { $0.address == address } }

  mutating func receive(
    _ datagram: Span<UInt8>, from source: SocketAddress, now: MediaTime, into transmits: inout TransmitQueue
  ) -> ICEOutcome {
    let message: STUNMessage
    switch Self.parse(datagram) {
    case .success(let parsed): message = parsed
    case .failure(let reason): return .dropped(reason)
    }
    guard message.isBindingRequest else { return .dropped(.stunUnexpected) }
    guard let credentials = authenticate(message, in: datagram) else { return .dropped(.stunCredentials) }
    let answer = answer(to: message, from: source, password: Array(credentials.local.password.utf8))
    transmits.append(to: source, answer.bytes)
    guard answer.isSuccess else { return .authenticated }
    if message.useCandidate, credentials.local == local { previous = nil }
    remember(source, isNominated: message.useCandidate, now: now)
    return .authenticated
  }

  /// False if authenticated media from this address can change nothing.
  func needsProof(of source: SocketAddress) -> Bool { !isProtected || source != selected }

  /// SRTP or SRTCP from a known address passed its check.
  mutating func mediaAuthenticated(from source: SocketAddress) {
    isProtected = true
    guard source != selected, let new = routes.first(where: { $0.address == source })?.lastNomination else { return }
    let current = routes.first { $0.address == selected }?.lastNomination ?? .distantPast
    // Late packets from the old address must not move the destination back.
    if new > current { selected = source }
  }

  /// A DTLS datagram came from a known address: before keys exist, a nominated pair that is in use wins.
  mutating func handshakeContinues(from source: SocketAddress) {
    guard !isProtected, routes.contains(where: { $0.address == source && $0.lastNomination != nil }) else { return }
    selected = source
  }

  private mutating func remember(_ source: SocketAddress, isNominated: Bool, now: MediaTime) {
    if let index = routes.firstIndex(where: { $0.address == source }) {
      routes[index].lastCheck = now
      if isNominated { routes[index].lastNomination = now }
    } else {
      if routes.count >= Self.maximumRoutes { removeOldestRoute() }
      routes.append(Route(address: source, lastCheck: now, lastNomination: isNominated ? now : nil))
    }
    if isNominated, selected == nil { selected = source }
  }

  private mutating func removeOldestRoute() {
    let oldest = routes.indices.filter { routes[$0].address != selected }.min {
      routes[$0].lastCheck < routes[$1].lastCheck
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

  private func authenticate(
    _ message: STUNMessage, in datagram: Span<UInt8>
  ) -> (local: ICEIdentity, remote: ICEIdentity)? {
    guard let username = message.username else { return nil }
    let current = remote.map { (local: local, remote: $0) }
    for pair in [current, previous] {
      guard let pair, datagram.elementsEqual(Array("\(pair.local.ufrag):\(pair.remote.ufrag)".utf8), in: username),
        STUNIntegrity.isValid(message, in: datagram, password: Array(pair.local.password.utf8))
      else { continue }
      return pair
    }
    return nil
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
