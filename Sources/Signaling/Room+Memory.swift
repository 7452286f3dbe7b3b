extension Room {
  public func memory(_ clock: WallClock) -> RoomMemory {
    var memory = RoomMemory(info: info, settings: settings)
    memory.status = status
    memory.made = clock.milliseconds(of: made)
    memory.started = started.map(clock.milliseconds(of:))
    memory.ended = ended.map(clock.milliseconds(of:))
    memory.endReason = endReason
    memory.isClosedForGood = isClosedForGood
    memory.wasLive = hostSilence != nil || status == .live
    memory.admins = admins
    memory.lockedSeats = lockedSeats.sorted()
    memory.seats = seats.map { RoomMemory.SeatMemory($0, clock) }
    memory.pending = pending.map(RoomMemory.RequestMemory.init)
    memory.coolDowns = coolDowns.active(at: clock.now).mapValues(clock.milliseconds(of:))
    memory.removals = removals.active(at: clock.now).mapValues(clock.milliseconds(of:))
    memory.heldRestraints = heldRestraints.entries
    memory.chat = chat.memory(clock)
    memory.peak = peakViewers
    return memory
  }

  /// The room after a restart: who was on stage may come back for a while, what was pending is cancelled, and it is live
  /// again when media of its host arrives.
  public init(
    id: String, host: Person, memory: RoomMemory, limits: RoomLimits = RoomLimits(), _ clock: WallClock
  ) {
    self.init(
      id: id, host: host, info: memory.info, settings: memory.settings, limits: limits, at: clock.now)
    made = memory.made.map { min(clock.instant(of: $0), clock.now) } ?? clock.now
    started = memory.started.map(clock.instant(of:))
    ended = memory.ended.map(clock.instant(of:))
    endReason = memory.endReason
    isClosedForGood = memory.isClosedForGood
    peakViewers = memory.peakViewers
    admins = memory.admins
    chat.restore(memory.chat, clock)
    lockedSeats = Set(memory.lockedSeats)
    closed = memory.pending.map { $0.cancelled(at: clock.now) }
    for (user, deadline) in memory.coolDowns {
      coolDowns.begin(for: user, until: clock.instant(of: deadline), at: clock.now)
    }
    for (user, deadline) in memory.removals ?? [:] {
      removals.begin(for: user, until: clock.instant(of: deadline), at: clock.now)
    }
    heldRestraints = HeldRestraints(memory.heldRestraints ?? [])
    guard memory.status != .ended else {
      status = .ended
      unusedSince = nil
      return
    }
    seats = memory.seats.compactMap { $0.seat(limits, clock) }
    if memory.wasLive { hostSilence = clock.now }
    _ = hostChanged(at: clock.now)
  }
}

extension RoomMemory.SeatMemory {
  fileprivate init(_ seat: Seat, _ clock: WallClock) {
    index = seat.index
    user = seat.user
    media = seat.media
    controls = seat.controls
    restraint = seat.restraints.all
    firm = seat.restraints.firm
    deadline = seat.deadline.map(clock.milliseconds(of:))
    state =
      switch seat.state {
      case .reserved: .reserved
      case .connecting: .connecting
      case .live, .reconnecting: .onAir
      }
  }

  /// Whoever was live gets the full time to come back; a wait that had begun goes on, even if the wall clock jumped.
  fileprivate func seat(_ limits: RoomLimits, _ clock: WallClock) -> Seat? {
    if index == 0, state != .onAir { return nil }  // The host's place is kept for him anyway.
    let wait = state == .onAir ? limits.reconnection : limits.seatReservation
    let longest = clock.now.advanced(bySeconds: wait)
    let end = deadline.map { min(clock.instant(of: $0), longest) } ?? longest
    var seat = Seat(
      index: index, user: user, media: media, state: state == .onAir ? .reconnecting(until: end) : .reserved(until: end)
    )
    seat.controls = controls
    (seat.restraints.all, seat.restraints.firm) = (restraint, firm ?? Restraint())
    return seat
  }
}

extension RoomMemory.RequestMemory {
  fileprivate init(_ request: StageRequest) {
    id = request.id
    origin = request.origin
    user = request.user
    media = request.media
    message = request.message
  }

  fileprivate func cancelled(at now: Instant) -> StageRequest {
    var request = StageRequest(
      id: id, number: 0, origin: origin, user: user, media: media, message: message, deadline: now)
    request.state = .cancelled
    request.reason = StageRequest.EndCode.restart.rawValue
    return request
  }
}
