extension RTCSession {
  /// Answers an offer. Each of its sections takes the first unused one of `intents` that fits it; others are refused.
  public mutating func answer(offer: String, intents: [MediaIntent]) throws(NegotiationError) -> String {
    guard configuration.role == .server, !isNegotiated else { throw .unexpected }
    let negotiated = try Negotiation.answer(
      offer: offer, intents: intents, local: localDescription, random: &random)
    try begin(negotiated)
    return negotiated.text
  }

  /// Makes an offer with one section per intent.
  public mutating func offer(intents: [MediaIntent]) throws(NegotiationError) -> String {
    guard configuration.role == .client, !isNegotiated else { throw .unexpected }
    let offer = Negotiation.offer(intents: intents, local: localDescription, random: &random)
    pendingOffer = offer
    return offer.text
  }

  /// Takes the answer to the last offer.
  public mutating func accept(answer: String) throws(NegotiationError) {
    guard let offer = pendingOffer else { throw .unexpected }
    let negotiated = try Negotiation.apply(answer: answer, to: offer)
    pendingOffer = nil
    try begin(negotiated)
  }

  /// Takes the fragment of a PATCH (RFC 8840, RFC 9725 §4.4). Candidates are answered by nothing; new credentials on a
  /// server restart ICE and are answered by its own new ones; on a client they complete the restart it began.
  public mutating func patch(fragment text: String) throws(NegotiationError) -> String {
    let fragment = try SDPFragment(parsing: text)
    guard isNegotiated else { throw .unexpected }
    if let ufrag = fragment.ufrag, let password = fragment.password {
      let remote = ICEIdentity(ufrag: ufrag, password: password)
      guard transport.admits(remote) else { return takeRestart(remote, fragment) }
      // The same restart once more: its answer was lost.
      if fragment.hasOnlyCredentials, let local = transport.restartAnswer(to: remote) {
        return Self.fragment(of: local, candidates: hostCandidates)
      }
    }
    for candidate in Self.addresses(of: fragment.candidates) { transport.add(candidate: candidate, now: clock) }
    return ""
  }

  /// Begins an ICE restart of a client (RFC 8445 §9); the fragment goes to the server by PATCH, its answer to `patch`.
  public mutating func restartICE() throws(NegotiationError) -> String {
    guard configuration.role == .client, isNegotiated else { throw .unexpected }
    let local = ICEIdentity(using: &random)
    transport.beginRestart(local: local)
    return Self.fragment(of: local, candidates: [])
  }

  private mutating func takeRestart(_ remote: ICEIdentity, _ fragment: SDPFragment) -> String {
    switch configuration.role {
    case .server:
      let local = ICEIdentity(using: &random)
      transport.restart(local: local, remote: remote)
      return Self.fragment(of: local, candidates: hostCandidates)
    case .client:
      for candidate in Self.addresses(of: fragment.candidates) { transport.add(candidate: candidate, now: clock) }
      transport.completeRestart(remote: remote, now: clock)
      return ""
    }
  }

  private static func fragment(of local: ICEIdentity, candidates: [ICECandidate]) -> String {
    var fragment = SDPFragment()
    fragment.ufrag = local.ufrag
    fragment.password = local.password
    fragment.candidates = candidates
    fragment.endOfCandidates = !candidates.isEmpty
    return fragment.text
  }

  private mutating func begin(_ negotiated: Negotiated) throws(NegotiationError) {
    let remote = ICEIdentity(ufrag: negotiated.remote.ufrag, password: negotiated.remote.password)
    do throws(TransportError) {
      try transport.begin(
        remote: remote, candidates: Self.addresses(of: negotiated.remote.candidates),
        fingerprint: CertificateFingerprint(bytes: negotiated.remote.fingerprint),
        isDTLSClient: negotiated.isDTLSClient, now: clock)
    } catch {
      throw .unexpected
    }
    isNegotiated = true
    media = negotiated.media
    let isForwarding = plane.forwards.isEnabled
    plane = Self.makePlane(negotiated.media, random: &random)
    // A client's pictures are for its server alone, which asks for everybody.
    plane.limitsRequests = configuration.role == .server
    plane.sparesRedundancy = configuration.role == .server
    plane.forwards.isEnabled = isForwarding
  }

  private var localDescription: LocalTransport {
    let ice = transport.localICE
    return LocalTransport(
      ufrag: ice.ufrag, password: ice.password, fingerprint: configuration.certificate.fingerprint,
      candidates: hostCandidates, isLite: configuration.role == .server)
  }

  private var hostCandidates: [ICECandidate] {
    configuration.hostCandidates.enumerated().map { index, address in
      .host(address: address.ip, port: address.port, index: index)
    }
  }

  /// Best first. Names (mDNS) and other transports than UDP are passed over.
  private static func addresses(of candidates: [ICECandidate]) -> [SocketAddress] {
    candidates.filter { $0.transport == "udp" && $0.component == 1 }
      .sorted { $0.priority > $1.priority }
      .compactMap { SocketAddress(ip: $0.address, port: $0.port) }
  }
}
