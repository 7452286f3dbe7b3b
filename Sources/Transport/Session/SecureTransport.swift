import MixCore

/// ICE, DTLS and SRTP of one session: from datagrams to decrypted packets and back.
///
/// Nothing but an authenticated check makes an address known; nothing from an unknown address reaches DTLS; no key
/// exists before the peer's certificate was compared with its session description.
struct SecureTransport: ~Copyable {
  enum Phase: Equatable {
    /// Not connected yet.
    case connecting
    case connected
    /// Was connected; nothing heard for some time.
    case disconnected
    case closed(CloseReason)
  }

  enum Reception {
    /// A valid ICE check or answer.
    case authenticated
    /// Part of a handshake.
    case handshake
    /// A decrypted packet of so many bytes, where the datagram was.
    case rtp(Int)
    case rtcp(Int)
    case dropped(DropReason)
  }

  private(set) var phase = Phase.connecting
  private var ice: ICEAgent
  private var dtls: DTLSConnection?
  private var srtp: SRTPContext?
  private var liveness: Liveness
  private let identity: DTLSIdentity
  private var sources = HeardSources()
  /// Where the last authentic packet came from, and when.
  private var lastMedia: (source: SocketAddress, time: MediaTime)?

  /// Room for a packet before protection. Ours have 1200 bytes; forwarded ones are as large as the peer made them.
  static let packetCapacity = 1500

  init(ice: ICEAgent, identity: DTLSIdentity, now: MediaTime) {
    self.ice = ice
    self.identity = identity
    liveness = Liveness(now: now)
  }

  var localICE: ICEIdentity { ice.local }
  /// The fragments by which checks may name this session: more than one during an ICE restart.
  var localUfrags: [String] { ice.localUfrags }
  /// Where packets go.
  var destination: SocketAddress? { ice.selected }
  var roundTripTime: MediaTime? { ice.roundTripTime }
  var isClosed: Bool { if case .closed = phase { true } else { false } }
  /// Media may be sent: connected, or silent for less time than consent lasts.
  var isOpen: Bool { phase == .connected || phase == .disconnected }

  var nextDeadline: MediaTime {
    if isClosed { return .distantFuture }
    var deadline = ice.nextDeadline(lastHeard: liveness.lastHeard)
    if let handshakeDeadline { deadline = min(deadline, handshakeDeadline, liveness.consentDeadline) }
    if phase == .connected { deadline = min(deadline, liveness.silenceDeadline) }
    return deadline
  }

  private var handshakeDeadline: MediaTime? {
    switch dtls {
    case .some(let connection): connection.nextDeadline
    case nil: nil
    }
  }

  /// What the peer's session description says; from here on the peer has 30 s to connect.
  mutating func begin(
    remote: ICEIdentity, candidates: [SocketAddress], fingerprint: CertificateFingerprint, isDTLSClient: Bool,
    now: MediaTime
  ) throws(TransportError) {
    dtls = try DTLSConnection(identity: identity, isClient: isDTLSClient, expecting: fingerprint)
    ice.begin(remote: remote, candidates: candidates, now: now)
    liveness = Liveness(now: now)
  }

  mutating func add(candidate: SocketAddress, now: MediaTime) { ice.add(candidate: candidate, now: now) }

  /// Of the last authentic packets.
  var heardSources: [UInt32] { sources.recent }

  /// Whether the last authentic packet came from `source`, and not long ago.
  func hasRecentMedia(from source: SocketAddress, now: MediaTime) -> Bool {
    guard let lastMedia, lastMedia.source == source else { return false }
    return now - lastMedia.time < Liveness.silence
  }

  /// Whether these credentials of the peer are those of its description or of a restart already begun.
  func admits(_ remote: ICEIdentity) -> Bool { ice.admits(remote) }

  /// What a restart of the peer with `remote` was answered with, if it was.
  func restartAnswer(to remote: ICEIdentity) -> ICEIdentity? { ice.restartAnswer(to: remote) }

  /// The peer restarted ICE with `remote`; the answer to it carries `local`.
  mutating func restart(local: ICEIdentity, remote: ICEIdentity) { ice.restart(local: local, remote: remote) }

  /// This side restarts ICE.
  mutating func beginRestart(local: ICEIdentity) { ice.beginRestart(local: local) }

  /// The peer answered our restart.
  mutating func completeRestart(remote: ICEIdentity, now: MediaTime) { ice.completeRestart(remote: remote, now: now) }

  mutating func receive(
    _ datagram: UnsafeMutableRawBufferPointer, from source: SocketAddress, now: MediaTime,
    into transmits: inout TransmitQueue
  ) -> Reception {
    if isClosed { return .dropped(.notOpen) }
    let content = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(datagram))
    let kind = DatagramKind(content)
    if kind == .unknown { return .dropped(.malformed) }
    if kind == .stun { return receiveCheck(content, from: source, now: now, into: &transmits) }
    let isKnown = ice.isKnown(source)
    guard isKnown || (kind != .dtls && ice.mayBringMedia(source)) else { return .dropped(.unknownAddress) }
    if kind == .dtls {
      unsafe receiveHandshake(UnsafeRawBufferPointer(datagram), from: source, now: now, into: &transmits)
      return .handshake
    }
    guard isOpen else { return .dropped(.notOpen) }
    do throws(SRTPContext.Refusal) {
      let length = unsafe try unprotect(datagram, isRTCP: kind == .rtcp)
      ice.mediaAuthenticated(from: source, now: now)
      lastMedia = (source, now)
      unsafe sources.insert(HeardSources.source(of: UnsafeRawBufferPointer(datagram), isRTCP: kind == .rtcp))
      dtls?.confirm()
      liveness.heard(now: now)
      updatePhase(now: now)
      return kind == .rtcp ? .rtcp(length) : .rtp(length)
    } catch {
      return .dropped(isKnown ? DropReason(error) : .unknownAddress)
    }
  }

  mutating func advance(to now: MediaTime, into transmits: inout TransmitQueue) {
    guard !isClosed else { return }
    ice.advance(to: now, lastHeard: liveness.lastHeard, into: &transmits)
    dtls?.advance(to: now)
    flushHandshake(into: &transmits)
    updatePhase(now: now)
  }

  /// Says goodbye and stops.
  mutating func close(now: MediaTime, into transmits: inout TransmitQueue) {
    guard !isClosed else { return }
    dtls?.close(now: now)
    flushHandshake(into: &transmits)
    phase = .closed(.closedLocally)
  }

  /// Lets `write` put a packet of at most `packetCapacity` bytes into the queue and protects it there.
  func send(
    isRTCP: Bool = false, into transmits: inout TransmitQueue, _ write: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    guard isOpen, let destination else { return }
    unsafe transmits.append(to: destination, capacity: Self.packetCapacity + SRTPContext.trailer) { memory in
      let plain = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<Self.packetCapacity])
      let length = unsafe write(plain)
      return unsafe protect(memory, length: length, isRTCP: isRTCP)
    }
  }

  private func protect(_ memory: UnsafeMutableRawBufferPointer, length: Int, isRTCP: Bool) -> Int {
    unsafe (isRTCP ? srtp?.protectRTCP(memory, length: length) : srtp?.protectRTP(memory, length: length)) ?? 0
  }

  private mutating func unprotect(
    _ datagram: UnsafeMutableRawBufferPointer, isRTCP: Bool
  ) throws(SRTPContext.Refusal) -> Int {
    guard srtp != nil else { throw .malformed }
    return unsafe try (isRTCP ? srtp?.unprotectRTCP(datagram) : srtp?.unprotectRTP(datagram)) ?? 0
  }

  private mutating func receiveCheck(
    _ datagram: Span<UInt8>, from source: SocketAddress, now: MediaTime, into transmits: inout TransmitQueue
  ) -> Reception {
    switch ice.receive(datagram, from: source, now: now, into: &transmits) {
    case .dropped(let reason):
      return .dropped(reason)
    case .authenticated:
      liveness.consented(now: now)
      if ice.selected != nil { dtls?.start(now: now) }
      flushHandshake(into: &transmits)
      updatePhase(now: now)
      return .authenticated
    }
  }

  private mutating func receiveHandshake(
    _ datagram: UnsafeRawBufferPointer, from source: SocketAddress, now: MediaTime,
    into transmits: inout TransmitQueue
  ) {
    let wasOpen = isOpen
    unsafe dtls?.receive(datagram, now: now)
    ice.handshakeContinues(from: source)
    flushHandshake(into: &transmits)
    updatePhase(now: now)
    if isOpen, !wasOpen { lastMedia = (source, now) }
  }

  private mutating func flushHandshake(into transmits: inout TransmitQueue) {
    guard let destination, let datagrams = dtls?.takeOutgoing() else { return }
    for datagram in datagrams { transmits.append(to: destination, datagram) }
  }

  private mutating func updatePhase(now: MediaTime) {
    switch dtls?.state {
    case .closed(let reason): phase = .closed(reason)
    case .connected: keysAgreed(now: now)
    case .handshaking, nil: break
    }
    if dtls != nil, !isClosed, liveness.isExpired(now) { phase = .closed(.consentExpired) }
    if isOpen { phase = liveness.isSilent(now) ? .disconnected : .connected }
  }

  private mutating func keysAgreed(now: MediaTime) {
    guard srtp == nil, let isClient = dtls?.isClient else { return }
    if let keys = dtls?.exportKeys(), let context = Self.makeContext(keys, isClient: isClient) {
      srtp = consume context
      liveness.heard(now: now)
      phase = .connected
    } else {
      phase = .closed(.protectionFailed)
    }
  }

  private static func makeContext(_ keys: SRTPKeys, isClient: Bool) -> SRTPContext? {
    do throws(TransportError) { return try SRTPContext(keys: keys, isClient: isClient) } catch { return nil }
  }
}

extension DropReason {
  init(_ refusal: SRTPContext.Refusal) {
    self =
      switch refusal {
      case .malformed: .malformed
      case .replayed: .replayed
      case .notAuthentic: .notAuthentic
      case .tooManySources: .tooManySources
      }
  }
}
