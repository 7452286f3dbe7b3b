import Logging
import MediaControl
import Signaling

/// All links of the server: applies the rules of `LinkBook` one operation at a time and does what they ask for, in order.
actor LinkService {
  private let clock: ServerClock
  private let media: MediaGateway
  private let logger: Logger
  private var book: LinkBook
  private var find: (@Sendable (String) async -> LiveRoom?)?
  /// What is being carried out; whatever comes waits behind it.
  private var work: Task<Void, Never>?
  private var alarm: (due: Instant, task: Task<Void, Never>)?

  init(limits: LinkLimits, clock: ServerClock, media: MediaGateway, logger: Logger) {
    self.clock = clock
    self.media = media
    self.logger = logger
    book = LinkBook(limits: limits)
  }

  /// - Parameter find: a room that is in use, by its name.
  func attach(_ find: @escaping @Sendable (String) async -> LiveRoom?) { self.find = find }

  /// The open link `room` takes part in, or was asked to.
  func link(of room: String) -> Link? { book.link(of: room) }

  // MARK: Operations of hosts

  typealias Operation = @Sendable (inout LinkBook, Instant) throws(SignalingError) -> [LinkAction]
  typealias Pause = @Sendable (LinkBook, Instant) -> Double

  /// Runs one operation of the rules on a link; returns it as it is when everything that follows from that is done.
  /// - Parameter pause: how long who comes too often has to wait.
  func change(
    _ id: String, _ operation: Operation, pause: Pause = { _, _ in 0 }
  ) async throws(APIError) -> LinkBody {
    let actions: [LinkAction]
    do throws(SignalingError) {
      actions = try operation(&book, clock.now())
    } catch {
      throw APIError(error).waiting(pause(book, clock.now()), for: .linkTooOften)
    }
    await schedule(actions)?.value
    guard let link = book.link(id) else { throw APIError(.linkUnknown) }
    return LinkBody(link, at: clock.now())
  }

  /// The host of `room` agrees. The rooms close their stages first: between the look and the link nobody may come on one.
  /// It waits in the queue for what opens stages, and what does it waits for its end.
  func accept(_ id: String, as room: LiveRoom, by person: Person) async throws(APIError) -> LinkBody {
    let own = await room.linkParty
    let parties = [(room, own)] + (await members(of: id, besides: room))
    let operation: Operation = { book, now throws(SignalingError) in
      try book.accept(id, as: own, members: parties.map(\.1), by: person, at: now)
    }
    try rehearse(operation)
    let joining = Task { [work] in
      await work?.value
      return await self.join(parties, by: id, operation)
    }
    work = Task { _ = await joining.value }
    await (try joining.value.get())?.value
    guard let link = book.link(id) else { throw APIError(.linkUnknown) }
    return LinkBody(link, at: clock.now())
  }

  /// Whoever is not linked in the end opens his stage again: who has left the link meanwhile too.
  /// - Returns: what follows from it, which waits in the queue.
  private func join(
    _ parties: [(LiveRoom, LinkParty)], by id: String, _ operation: Operation
  ) async -> Result<Task<Void, Never>?, APIError> {
    var closed: [LiveRoom] = []
    let result: Result<Task<Void, Never>?, APIError>
    do throws(APIError) {
      for (room, party) in parties where book.activeLink(of: party.room.id) == nil {
        try await room.closeStage(for: id)
        closed.append(room)
      }
      result = .success(schedule(try Self.apply(operation, to: &book, at: clock.now())))
    } catch {
      result = .failure(error)
    }
    for room in closed where book.activeLink(of: room.stored.id) == nil { await room.setLink(nil) }
    return result
  }

  private static func apply(
    _ operation: Operation, to book: inout LinkBook, at now: Instant
  ) throws(APIError) -> [LinkAction] {
    do throws(SignalingError) { return try operation(&book, now) } catch { throw APIError(error) }
  }

  /// Refuses what will be refused before anything is done for it.
  private func rehearse(_ operation: Operation) throws(APIError) {
    var copy = book
    _ = try Self.apply(operation, to: &copy, at: clock.now())
  }

  /// The members of a link as they are now.
  private func members(of id: String, besides room: LiveRoom) async -> [(LiveRoom, LinkParty)] {
    let members = book.open[id]?.members.map(\.room.id) ?? []
    var parties: [(LiveRoom, LinkParty)] = []
    for member in members where member != room.stored.id {
      if let room = await find?(member) { parties.append((room, await room.linkParty)) }
    }
    return parties
  }

  // MARK: What rooms say

  /// None of these waits until it is carried out: a room that reports may be what is waited for.
  func hostChanged(_ room: String, isHere: Bool) {
    schedule(isHere ? book.hostReturned(room) : book.hostLost(room, at: clock.now()))
  }

  func rename(_ host: Person) { schedule(book.rename(host)) }

  func roomEnded(_ room: String) { schedule(book.roomGone(room, at: clock.now())) }

  /// The audience of `room` gave gifts or likes.
  func score(_ points: Int, for room: String) { schedule(book.score(points, for: room, at: clock.now())) }

  /// The media worker has made `room` anew, and knows nothing of its link.
  func mediaMade(of room: String) {
    if let link = book.activeLink(of: room) { schedule([.joined(link.members.map(\.room))]) }
  }

  // MARK: Carrying out

  @discardableResult
  private func schedule(_ actions: [LinkAction]) -> Task<Void, Never>? {
    setAlarm()
    guard !actions.isEmpty else { return nil }
    let task = Task { [work] in
      await work?.value
      for action in actions { await self.carryOut(action) }
    }
    work = task
    return task
  }

  private func carryOut(_ action: LinkAction) async {
    switch action {
    case .tell(let room, let listeners, let event):
      await find?(room)?.tell(listeners, event)
    case .joined(let rooms):
      for room in rooms { await find?(room.id)?.setLink(book.activeLink(of: room.id)?.id) }
      let linked = rooms.map { LinkedRoom(room: RoomID(rawValue: $0.id), host: UserID(rawValue: $0.host.id)) }
      await perform(.linkRooms(linked, LayoutRequest(layout: rooms.count > 2 ? "grid" : "side-by-side")))
    case .parted(let rooms):
      await perform(.unlinkRooms(rooms.map { RoomID(rawValue: $0) }))
      for room in rooms { await find?(room)?.setLink(book.activeLink(of: room)?.id) }
    }
  }

  private func perform(_ command: MediaCommand) async {
    do {
      _ = try await media.perform(command)
    } catch {
      logger.warning("Rooms could not be linked.", metadata: ["error": "\(error.code)"])
    }
  }

  // MARK: Time

  private func setAlarm() {
    let due = book.nextDeadline
    guard due != alarm?.due else { return }
    alarm?.task.cancel()
    alarm = due.map { due in
      (
        due,
        Task { [weak self, clock] in
          do { try await clock.sleep(until: due) } catch { return }
          await self?.alarmRang()
        }
      )
    }
  }

  private func alarmRang() {
    alarm = nil
    schedule(book.advance(to: clock.now()))
  }
}
