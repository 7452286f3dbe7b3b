import Logging
import MediaControl
import NIOCore
import Signaling

/// One room that somebody uses: applies the rules of `Room` one operation at a time and does what they ask for.
actor LiveRoom {
  /// What all rooms share.
  struct Environment: Sendable {
    let store: any RoomStore
    let chats: ChatJournal
    var recordings: RecordingFiles
    var recordingPlaces = RecordingPlaces()
    let gifts: GiftCatalogue
    let media: MediaGateway
    let links: LinkService
    let clock: ServerClock
    let limits: ServerLimits
    let metrics: ServerMetrics
    var webhooks = WebhookJournal.silent
    var moderator = Moderator.none
    /// Who is signed out or banned.
    var book = SessionBook()
    var resolver = AddressResolver()
    var privateOutputs = SignalingServerConfiguration.PrivateOutputs.never
    let logger: Logger
  }

  let stored: StoredRoom
  let environment: Environment
  var room: Room
  var sockets: [Int: Subscriber] = [:]
  var crowd = Crowd()
  var sessions: [SessionID: MediaSession] = [:]
  var replaced = ReplacedSessions()
  var outputs: [Output]
  var recording: RunningRecording?
  var scene: SceneDescription
  /// What the worker says of this room's media. Shared, so that strangers cannot keep it busy with questions.
  let statistics: SharedAnswer<RoomStats>
  /// What the clients of participants are wanted to send, by user.
  var wishes: [String: VideoWish] = [:]
  /// Making the worker's side of the room; `nil` while it has none.
  var opening: Task<Void, any Error>?
  var lingering: Task<Void, Never>?
  /// What webhooks were told last.
  var digest: RoomDigest
  /// How far the room's memory is known and stored; see `persist`.
  var persistence = Persistence()
  /// The link this room takes part in, or was asked to.
  var link: Link?
  /// As the links know it.
  var isHostHere = false
  /// When somebody last asked for it.
  var touched: Instant
  /// It has made way: what it knew is in the store, where another may have read it.
  var isRetired = false
  private var nextSocket = 0
  /// Sockets by user.
  var socketsOf: [String: Set<Int>] = [:]
  private var alarm: (due: Instant, task: Task<Void, Never>)?

  init(_ stored: StoredRoom, outputs: [StoredOutput], chat: StoredChat, environment: Environment) {
    self.stored = stored
    self.environment = environment
    self.outputs = outputs.map(Output.init)
    statistics = SharedAnswer(freshness: 0.2) { [clock = environment.clock] in clock.now() }
    room = Room(
      id: stored.id, host: stored.host, memory: stored.memory, limits: environment.limits.room,
      environment.clock.wall)
    room.restoreChat(
      history: chat.messages.map { $0.message(clock: environment.clock) }, likes: chat.likes, gifts: chat.gifts)
    digest = RoomDigest(room)
    persistence.deadline = room.abandonmentDeadline
    persistence.sanctions = room.sanctions
    touched = environment.clock.now()
    scene = SceneDescription(
      layout: stored.info.layout, canvas: .init(width: stored.video.width, height: stored.video.height), layers: [])
  }

  nonisolated var id: RoomID { RoomID(rawValue: stored.id) }
  var now: Instant { environment.clock.now() }
  var isIdle: Bool { sockets.isEmpty && sessions.isEmpty && opening == nil && recording == nil && room.isAtRest }

  /// Runs one operation of the rules and everything that follows from it; returns when that is done.
  @discardableResult
  func change<Result>(
    _ operation: (inout Room, Instant) throws(SignalingError) -> [RoomAction],
    then result: (Room) -> Result = { _ in () }
  ) async throws(APIError) -> Result {
    try requireInUse()
    let wall = environment.clock.wall
    room.set(wall)
    let actions: [RoomAction]
    do throws(SignalingError) {
      actions = try operation(&room, wall.now)
    } catch {
      throw APIError(error)
    }
    let value = result(room)
    try await carryOut(actions)
    return value
  }

  /// Tells first, without a pause: everybody hears of changes in the order they happened.
  func carryOut(_ actions: [RoomAction]) async throws(APIError) {
    tell(actions)
    noteForWebhooks(actions)
    setAlarm()
    var failure: APIError?
    for action in actions {
      do throws(APIError) {
        try await carryOut(action)
      } catch {
        failure = failure ?? error
      }
    }
    if !persistence.news.isEmpty { persistSoon() }
    await noticeHost()
    if let failure { throw failure }
  }

  private func carryOut(_ action: RoomAction) async throws(APIError) {
    switch action {
    case .tell: break
    case .chat(let action): try await carryOut(action)
    case .persist: try await persist()
    case .closeStage(let user): await closeSessions { $0.concerns(user) }
    case .setControls(let user, let controls): try await setControls(user, controls)
    case .expel(let user): await expel(user)
    case .closeRoom: await closeEverything()
    }
  }

  private func setControls(_ user: String, _ controls: Controls) async throws(APIError) {
    let wanted = ParticipantControls(muted: controls.muted, volume: controls.volume, camera: controls.camera)
    do throws(APIError) {
      _ = try await perform(.setParticipant(id, UserID(rawValue: user), wanted))
    } catch  where error.code == MediaError.unknownParticipant.code {
      // He is still connecting; the rules ask again when his media arrives.
    }
  }

  private func expel(_ user: String) async {
    for socket in sockets.values where socket.person.id == user { socket.outbox.close(.removed) }
    await closeSessions { $0.concerns(user) || $0.user == user }
  }

  private func closeEverything() async {
    await closeSessions { _ in true }
    await endRecording(.roomEnded)
    await closeMedia()
    outputs.removeAll()
    await environment.links.roomEnded(stored.id)
    for socket in sockets.values { socket.outbox.close(.roomOver) }
  }

  // MARK: Time

  func setAlarm() {
    let due = room.nextDeadline
    guard due != alarm?.due else { return }
    stopAlarm()
    alarm = due.map { due in
      (
        due,
        Task { [weak self, clock = environment.clock] in
          do { try await clock.sleep(until: due) } catch { return }
          await self?.alarmRang()
        }
      )
    }
  }

  func stopAlarm() {
    alarm?.task.cancel()
    alarm = nil
  }

  private func alarmRang() async {
    alarm = nil
    do {
      try await carryOut(room.advance(to: now))
    } catch {
      environment.logger.error("A deadline failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  // MARK: Sockets

  /// Registers an events socket and sends its snapshot.
  /// - Parameter greeting: finished frames that come before it.
  func subscribe(_ caller: Caller, _ outbox: Outbox, greeting: ByteBuffer? = nil) throws(APIError) -> Int {
    guard let person = caller.person else { throw .userNeeded }
    try requireGood(caller)
    try checked { room, now throws(SignalingError) in try room.requireEntry(person, at: now) }
    guard !isFull else { throw .viewersFull }
    guard let snapshot = try? JSON.encode(snapshot(for: person)) else { throw .internalFault }
    nextSocket += 1
    if let greeting { outbox.send(greeting) }
    outbox.send(.textFrame(snapshot))
    sockets[nextSocket] = Subscriber(caller: caller, person: person, outbox: outbox, since: now)
    socketsOf[person.id, default: []].insert(nextSocket)
    crowd.add(nextSocket, outbox)
    room.joinAudience(person, at: now)
    setAlarm()
    return nextSocket
  }

  /// There is no place for another events socket.
  var isFull: Bool { sockets.count >= environment.limits.socketsPerRoom }

  func admits(_ person: Person) -> Bool { !isRetired && (try? room.requireEntry(person, at: now)) != nil }

  func unsubscribe(_ socket: Int) {
    guard let subscriber = sockets.removeValue(forKey: socket) else { return }
    crowd.remove(socket, subscriber.outbox)
    socketsOf[subscriber.person.id]?.remove(socket)
    if socketsOf[subscriber.person.id]?.isEmpty == true { socketsOf[subscriber.person.id] = nil }
    room.leaveAudience(subscriber.person.id, at: now)
    setAlarm()
  }
}

/// One events socket in a room.
struct Subscriber: Sendable {
  let caller: Caller
  /// With the name he has now.
  var person: Person
  let outbox: Outbox
  let since: Instant
}
