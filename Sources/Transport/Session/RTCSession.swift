public import MixCore

/// One WebRTC peer, without sockets, clocks or threads: datagrams, times and commands go in by calls; afterwards the
/// driver drains `transmits`, `nextEvent` and `forwards`, and calls again no later than `nextDeadline`.
public struct RTCSession: ~Copyable {
  /// What is to be sent; the driver sends it and empties it.
  public var transmits = TransmitQueue()
  /// One entry per m-section; the index is the `media` of every other call.
  public internal(set) var media: [NegotiatedMedia] = []

  let configuration: Configuration
  var transport: SecureTransport
  var plane: MediaPlane
  var random: RandomSource
  var events = EventQueue()
  var counters = SessionStatistics()
  var pendingOffer: Offer?
  /// Offer and answer were exchanged.
  var isNegotiated = false
  /// The latest time any call has brought.
  var clock: MediaTime
  private var lastAdvance = MediaTime.distantPast

  /// Local zero on the wall clock of sender reports: only differences count there, so any instant will do, but all
  /// sessions of a process share it.
  private static let wallClockOffset = MediaTime.seconds(3_944_678_400)
  /// Deadlines that cannot be met yet must not keep the driver spinning.
  private static let shortestPause = MediaTime.milliseconds(1)

  public init(_ configuration: Configuration, now: MediaTime) throws(TransportError) {
    guard SRTPLibrary.isReady else { throw .srtpFailed }
    var random = configuration.seed.map { RandomSource.seeded(state: $0) } ?? .system
    let local = ICEIdentity(using: &random)
    let agent: ICEAgent =
      switch configuration.role {
      case .server: .lite(ICELiteAgent(local: local))
      case .client: .controlling(ICEControllingAgent(local: local, random: random.split()))
      }
    transport = SecureTransport(ice: agent, identity: configuration.certificate, now: now)
    plane = Self.makePlane([], random: &random)
    self.configuration = configuration
    self.random = random
    clock = now
  }

  /// By which the driver finds this session for a peer it has not heard before. Changes with an ICE restart.
  public var localUfrag: String { transport.localICE.ufrag }

  /// All fragments by which a peer may name this session: during an ICE restart the old ones stay good until a pair was
  /// nominated with the new ones.
  public var localUfrags: [String] { transport.localUfrags }

  /// Where packets go, once the peer has nominated an address.
  public var destination: SocketAddress? { transport.destination }

  /// Whether the last authentic packet came from `source`, within the last seconds: an address somebody so uses must not
  /// be given to others on the strength of a check, whose source address proves nothing.
  public func hasRecentMedia(from source: SocketAddress, now: MediaTime) -> Bool {
    transport.hasRecentMedia(from: source, now: now)
  }

  /// The RTP sources (SSRC) of the last authentic packets, a dozen at most.
  public var heardSources: [UInt32] { transport.heardSources }

  /// The source of an RTP packet, or of the sender of an RTCP packet; `nil` for anything else. Nothing is verified yet.
  public static func source(of datagram: UnsafeRawBufferPointer) -> UInt32? {
    let kind = unsafe DatagramKind(Span<UInt8>(_unsafeBytes: datagram))
    guard kind == .rtp || kind == .rtcp else { return nil }
    return unsafe HeardSources.source(of: datagram, isRTCP: kind == .rtcp)
  }

  /// The earliest time at which `advance` has something to do.
  public var nextDeadline: MediaTime {
    let media = transport.isOpen ? plane.nextDeadline : .distantFuture
    return max(min(transport.nextDeadline, media), lastAdvance + Self.shortestPause)
  }

  public mutating func nextEvent() -> RTCEvent? { events.next() }

  /// The local user name fragment of a STUN binding request, for the driver's first look; `nil` for anything else.
  /// Nothing is verified yet.
  public static func localUfrag(ofBindingRequest datagram: UnsafeRawBufferPointer) -> String? {
    let content = unsafe Span<UInt8>(_unsafeBytes: datagram)
    guard DatagramKind(content) == .stun, case .success(let message) = ICELiteAgent.parse(content),
      message.isBindingRequest, let username = message.username
    else { return nil }
    let name = unsafe datagram[username]
    guard let colon = unsafe name.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return unsafe String(decoding: name[..<colon], as: UTF8.self)
  }

  /// One datagram from the network. Protected packets are decrypted where they lie.
  public mutating func receive(
    _ datagram: UnsafeMutableRawBufferPointer, from source: SocketAddress, now: MediaTime
  ) -> ReceiveOutcome {
    clock = max(clock, now)
    counters.datagramsReceived &+= 1
    counters.bytesReceived &+= UInt64(datagram.count)
    let before = transport.phase
    let outcome = unsafe take(datagram, from: source, now: now)
    if case .dropped(let reason) = outcome { counters.drops.count(reason) }
    report(changeFrom: before)
    return outcome
  }

  private mutating func take(
    _ datagram: UnsafeMutableRawBufferPointer, from source: SocketAddress, now: MediaTime
  ) -> ReceiveOutcome {
    switch unsafe transport.receive(datagram, from: source, now: now, into: &transmits) {
    case .authenticated: return .authenticated
    case .handshake: return .accepted
    case .dropped(let reason): return .dropped(reason)
    case .rtp(let length):
      return unsafe receiveRTP(UnsafeRawBufferPointer(rebasing: datagram[..<length]), now: now)
    case .rtcp(let length):
      return unsafe receiveRTCP(UnsafeRawBufferPointer(rebasing: datagram[..<length]), now: now)
    }
  }

  /// Does everything that is due.
  public mutating func advance(to now: MediaTime) {
    clock = max(clock, now)
    let before = transport.phase
    lastAdvance = now
    transport.advance(to: now, into: &transmits)
    advanceMedia(to: now)
    report(changeFrom: before)
  }

  /// Says goodbye to the peer and ends.
  public mutating func close(now: MediaTime) {
    clock = max(clock, now)
    let before = transport.phase
    sendGoodbye()
    transport.close(now: now, into: &transmits)
    report(changeFrom: before)
  }

  static func makePlane(_ media: [NegotiatedMedia], random: inout RandomSource) -> MediaPlane {
    let name = String(random.next(), radix: 36)
    return MediaPlane(media: media, cname: name, ntpOffset: wallClockOffset, random: &random)
  }

  private mutating func report(changeFrom before: SecureTransport.Phase) {
    guard transport.phase != before else { return }
    switch transport.phase {
    case .connecting: break
    case .connected: events.append(.connected)
    case .disconnected: events.append(.disconnected)
    case .closed(let reason): events.append(.closed(reason))
    }
  }
}
