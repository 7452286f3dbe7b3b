import MediaControl
import MixCore
import Transport

/// The one thread that owns the media socket and every WebRTC session of the worker.
///
/// One turn: read what has come, carry out messages, fire timers; after each input the session's datagrams, events and
/// forwarded packets are drained at once.
final class NetLoop: @unchecked Sendable {
  // @unchecked: everything but `mailbox` and the constants is touched by the loop's own thread only.

  struct Configuration: Sendable {
    var bind: SocketAddress
    /// What candidates say; empty: the bound address.
    var announced: [SocketAddress]
  }

  static let maximumSessions = 2_048

  let mailbox = Mailbox<NetMessage>()
  let localAddress: SocketAddress
  let emit: @Sendable (MediaEvent) -> Void

  let socket: UDPSocket
  let candidates: [SocketAddress]
  let identity: DTLSIdentity
  var rooms: [RoomID: RoomLink] = [:]
  var sessions: [SessionID: NetSession] = [:]
  private(set) var sessionsByRoom: [RoomID: [NetSession]] = [:]
  var byUfrag: [String: NetSession] = [:]
  var byAddress: [SocketAddress: NetSession] = [:]
  /// By the RTP sources they send; several may happen to have the same.
  var bySource: [UInt32: [NetSession]] = [:]
  var counters = NetCounters()
  private var nextDeadline = MediaTime.distantPast
  /// When layers are chosen anew.
  var nextAdaptation = MediaTime.distantPast
  private var spare: [NetMessage] = []
  private var isStopped = false

  init(_ configuration: Configuration, emit: @escaping @Sendable (MediaEvent) -> Void) throws {
    socket = try UDPSocket(bind: configuration.bind)
    localAddress = socket.localAddress ?? configuration.bind
    candidates = Self.candidates(announced: configuration.announced, bound: localAddress)
    identity = try DTLSIdentity()
    self.emit = emit
  }

  func start() { LoopThread.start("mix-net") { self.run() } }

  private func run() {
    while !isStopped {
      let cause = mailbox.wakeup.wait(until: nextDeadline, or: socket.descriptor)
      if cause.isSocketReadable { receiveDatagrams() }
      if cause.isSignalled { mailbox.wakeup.clear() }
      readMailbox()
      adaptLayers()
      fireTimers()
    }
  }

  // MARK: Tables

  func sessions(in room: RoomID) -> [NetSession] { sessionsByRoom[room] ?? [] }

  func register(_ session: NetSession) {
    sessions[session.id] = session
    sessionsByRoom[session.room, default: []].append(session)
    nameAnew(session)
  }

  /// - Returns: `false` when the session was not registered (any more).
  func unregister(_ session: NetSession) -> Bool {
    guard sessions.removeValue(forKey: session.id) != nil else { return false }
    sessionsByRoom[session.room]?.removeAll { $0 === session }
    if sessionsByRoom[session.room]?.isEmpty == true { sessionsByRoom[session.room] = nil }
    for name in session.names { byUfrag[name] = nil }
    forgetSources(of: session)
    for address in session.addresses where byAddress[address] === session { byAddress[address] = nil }
    return true
  }

  // MARK: Datagrams

  /// At most this many batches a turn, so that a flood cannot keep timers and messages waiting.
  private static let batchesPerTurn = 8

  private func receiveDatagrams() {
    let now = MonotonicClock.now()
    for _ in 0..<Self.batchesPerTurn {
      let count = unsafe socket.receive { datagram, source in
        unsafe receive(datagram, from: source, now: now)
      }
      if count < UDPSocket.batch { return }
    }
  }

  // MARK: Timers and messages

  /// Every session says its next deadline after each change (`note`), so that most turns look at none of them.
  private func fireTimers() {
    let now = MonotonicClock.now()
    guard now >= nextDeadline else { return }
    nextDeadline = now + .seconds(1)
    for session in sessions.values {
      if session.rtc.nextDeadline <= now {
        session.rtc.advance(to: now)
        service(session, now: now)
      } else {
        note(session.rtc.nextDeadline)
      }
    }
  }

  func note(_ deadline: MediaTime) { nextDeadline = min(nextDeadline, deadline) }

  private func readMailbox() {
    mailbox.exchange(&spare)
    for message in spare { handle(message) }
  }

  private func handle(_ message: NetMessage) {
    switch message {
    case .roomOpened(let room, let link): rooms[room] = link
    case .roomClosed(let room): closeRoom(room)
    case .openPublisher(let id, let room, let user, let role, let offer, let reply):
      reply(openPublisher(id, room: room, user: user, role: role, offer: offer))
    case .openViewer(let id, let room, let offer, let reply):
      reply(openViewer(id, room: room, offer: offer))
    case .openStageReceiver(let id, let room, let receiver, let source, let offer, let reply):
      reply(openStageReceiver(id, room: room, receiver: receiver, source: source, offer: offer))
    case .patch(let id, let fragment, let reply): reply(patch(id, fragment: fragment))
    case .setTileHeight(let id, let height, let reply): reply(setTileHeight(height, of: id))
    case .close(let id, let reply): reply(close(id))
    case .programVideo(let room, let codec, let frame, let ledgerID):
      sendVideo(frame, codec: codec, ledgerID: ledgerID, room: room)
    case .programAudio(let room, let frame): sendAudio(frame, room: room)
    case .requestKeyFrame(let id): requestKeyFrame(id)
    case .decode(let id, let size, let room): decode(id, for: size, in: room)
    case .follow(let room, let guests): follow(guests, by: room)
    case .controls(let room, let user, let controls): setControls(controls, of: user, in: room)
    case .reports(let room, let answer): answer(reports(of: room))
    case .counters(let answer):
      counters.sessions = sessions.count
      counters.sendFailures = socket.sendFailures
      answer(counters)
    case .stop(let answer):
      stop()
      answer()
    }
  }

  private func stop() {
    for session in Array(sessions.values) { end(session, notifyPeer: true) }
    isStopped = true
    mailbox.close()
  }

  private static func candidates(announced: [SocketAddress], bound: SocketAddress) -> [SocketAddress] {
    if announced.isEmpty { return InterfaceAddresses.reachable(bound: bound) }
    return announced.map { $0.port == 0 ? $0.withPort(bound.port) : $0 }
  }
}

/// Totals of the media socket.
struct NetCounters: Sendable {
  /// Open now.
  var sessions = 0
  var datagramsReceived = 0
  /// From nobody we know.
  var datagramsUnknown = 0
  /// Times the kernel took fewer datagrams than were ready.
  var sendFailures = 0
  /// Refused by their session: bad authentication, replay, malformed.
  var datagramsDropped = 0
}
