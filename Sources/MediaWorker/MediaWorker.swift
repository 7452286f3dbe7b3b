public import MediaControl
import MixCore
import Outputs
import Synchronization
public import Transport

/// The media side of the server: one network loop, one loop per room, one work pool.
///
/// Driven by `MediaCommand` values, answers with `MediaReply` and `MediaEvent` values; knows nothing of users' rights,
/// tokens or HTTP.
public final class MediaWorker: MediaBackend {
  public struct Configuration: Sendable {
    /// Where the one UDP socket is bound; port 0 takes any free one.
    public var bind: SocketAddress
    /// What ICE candidates say instead of the bound address; port 0 stands for the bound port.
    public var announced: [SocketAddress]
    /// Finds the addresses of a host, 4 or 16 bytes each in network order, for outputs that may go to public ones only. May
    /// block; called on threads of its own.
    public var lookup: @Sendable (_ host: String) -> [[UInt8]]

    public init(
      bind: SocketAddress, announced: [SocketAddress] = [], lookup: @escaping @Sendable (String) -> [[UInt8]]
    ) {
      self.bind = bind
      self.announced = announced
      self.lookup = lookup
    }
  }

  public static let maximumRooms = 256

  public let events: AsyncStream<MediaEvent>
  private let continuation: AsyncStream<MediaEvent>.Continuation
  private let net: NetLoop
  private let pool = WorkPool()
  private let lookup: @Sendable (String) -> [[UInt8]]
  let rooms = Mutex<[RoomID: RoomLoop]>([:])
  /// Always taken before `rooms`.
  let links = Mutex(LinkTable())

  /// Binds the socket and starts the network loop.
  public init(_ configuration: Configuration) throws {
    // A reader which sleeps through this many events has lost track anyway and reads the state anew.
    (events, continuation) = AsyncStream.makeStream(of: MediaEvent.self, bufferingPolicy: .bufferingNewest(4_096))
    lookup = configuration.lookup
    net = try NetLoop(
      NetLoop.Configuration(bind: configuration.bind, announced: configuration.announced),
      emit: { [continuation] in continuation.yield($0) })
    net.start()
  }

  /// The bound media address.
  public var localAddress: SocketAddress { net.localAddress }

  /// The bytes the kernel gave for datagrams that have not been read yet, if those are too few for bursts of media.
  public var shortReceiveBuffer: Int? { net.socket.shortReceiveBuffer }

  public func perform(_ command: MediaCommand) async throws(MediaError) -> MediaReply {
    if case .metrics = command { return .metrics(await metrics()) }
    let result = await withCheckedContinuation { continuation in
      start(command) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Ends every session and output in order (trailers written, RTMP streams deleted, goodbyes sent).
  public func shutdown() async {
    let open = rooms.withLock { Array($0.keys) }
    for room in open { _ = try? await perform(.closeRoom(room)) }
    await withCheckedContinuation { continuation in net.mailbox.send(.stop { continuation.resume() }) }
    continuation.finish()
  }

  // MARK: Commands

  private func start(_ command: MediaCommand, reply: @escaping Reply) {
    switch command {
    case .createRoom(let room, let settings): reply(createRoom(room, settings: settings))
    case .closeRoom(let room): closeRoom(room, reply: reply)
    case .openPublisher(let id, let room, let user, let role, let offer):
      net.mailbox.send(.openPublisher(id, room, user, role, offer: offer, reply))
    case .openViewer(let id, let room, let offer): net.mailbox.send(.openViewer(id, room, offer: offer, reply))
    case .openStageReceiver(let id, let room, let receiver, let source, let offer):
      net.mailbox.send(.openStageReceiver(id, room, receiver: receiver, source: source, offer: offer, reply))
    case .patchSession(let id, let fragment): net.mailbox.send(.patch(id, fragment: fragment, reply))
    case .setStageTile(let id, let height): net.mailbox.send(.setTileHeight(id, height, reply))
    case .closeSession(let id): net.mailbox.send(.close(id, reply))
    case .setLayout(let room, let request): setLayout(request, in: room, reply: reply)
    case .setParticipant(let room, let user, let controls):
      tell(room, .setParticipant(user, controls, reply), orReply: reply)
    case .linkRooms(let linked, let layout): reply(linkRooms(linked, layout: layout))
    case .unlinkRooms(let rooms): reply(unlinkRooms(rooms))
    case .addOutput(let room, let id, let url, let allowsPrivate):
      addOutput(id, url: url, allowsPrivate ? .anywhere : .publicAddresses(lookup: lookup), to: room, reply: reply)
    case .removeOutput(let room, let id): tell(room, .removeOutput(id, reply), orReply: reply)
    case .startRecording(let room, let id, let path):
      tell(room, .addOutput(id, OutputDestination(recordingAt: path), .anywhere, reply), orReply: reply)
    case .finishRecording(let room, let id): tell(room, .finishOutput(id, reply), orReply: reply)
    case .roomStats(let room): roomStats(room, reply: reply)
    case .trace(let room, let seconds): tell(room, .trace(seconds: seconds, reply), orReply: reply)
    case .metrics: reply(.success(.done))
    }
  }

  private func createRoom(_ room: RoomID, settings: ProgramSettings) -> Result<MediaReply, MediaError> {
    let layout: Layout
    do throws(MediaError) {
      try settings.validate()
      layout = try Layout(settings.layout)
    } catch {
      return .failure(error)
    }
    return rooms.withLock { rooms in
      if rooms[room] != nil { return .success(.done) }
      guard rooms.count < Self.maximumRooms else {
        return .failure(MediaError(code: "media.rooms-full", message: "This worker takes no further rooms."))
      }
      let loop = RoomLoop(
        room: room, settings: settings, layout: layout, pool: pool, net: net.mailbox,
        emit: { [continuation] in continuation.yield($0) })
      rooms[room] = loop
      net.mailbox.send(.roomOpened(room, RoomLink(mailbox: loop.mailbox, pool: pool)))
      loop.start()
      return .success(.done)
    }
  }

  private func closeRoom(_ room: RoomID, reply: @escaping Reply) {
    let closed = links.withLock { table in
      forget(room, in: &table)
      return rooms.withLock { $0.removeValue(forKey: room) }
    }
    guard let loop = closed else { return reply(.failure(.unknownRoom)) }
    net.mailbox.send(.roomClosed(room))
    loop.mailbox.send(.stop(reply))
  }

  private func setLayout(_ request: LayoutRequest, in room: RoomID, reply: @escaping Reply) {
    do throws(MediaError) {
      tell(room, .setLayout(try Layout(request), reply), orReply: reply)
    } catch {
      reply(.failure(error))
    }
  }

  private func addOutput(
    _ id: OutputID, url: String, _ reach: OutputReach, to room: RoomID, reply: @escaping Reply
  ) {
    do throws(OutputError) {
      tell(room, .addOutput(id, try OutputDestination(url), reach, reply), orReply: reply)
    } catch {
      reply(.failure(MediaError(code: error.code, message: error.message)))
    }
  }

  /// The transport counters come from the network loop first, the room adds its own.
  private func roomStats(_ room: RoomID, reply: @escaping Reply) {
    guard let loop = rooms.withLock({ $0[room] }) else { return reply(.failure(.unknownRoom)) }
    net.mailbox.send(.reports(room) { loop.mailbox.send(.stats($0, reply)) })
  }

  private func tell(_ room: RoomID, _ message: RoomMessage, orReply reply: Reply) {
    guard let loop = rooms.withLock({ $0[room] }) else { return reply(.failure(.unknownRoom)) }
    loop.mailbox.send(message)
  }

  // MARK: Metrics

  private func metrics() async -> MetricsSnapshot {
    let loops = rooms.withLock { Array($0.values) }
    var collected: [RoomMetrics] = []
    for loop in loops {
      collected.append(
        await withCheckedContinuation { continuation in
          loop.mailbox.send(.metrics { continuation.resume(returning: $0) })
        })
    }
    let counters = await withCheckedContinuation { continuation in
      net.mailbox.send(.counters { continuation.resume(returning: $0) })
    }
    return MetricsReport.snapshot(rooms: collected, net: counters)
  }
}
