extension Room {
  /// `user` opened a publishing session, perhaps instead of an older one. Who was live until now only reconnects.
  public mutating func publishStarted(by user: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requirePublishing(user, at: now)
    guard let index = seatIndex(of: user.id) else {
      let seat = Seat(index: 0, user: host, media: .video, state: .connecting(until: nil))
      seats.insert(seat, at: 0)
      return [.persist, .tell(.everyone, .participantJoined(seat))] + hostChanged(at: now)
    }
    let isNew = !seats[index].isParticipant
    if seats[index].state == .live, seats[index].role == .host { hostSilence = now }
    seats[index].state = publishing(seats[index].state, at: now)
    let change = isNew ? RoomEvent.participantJoined(seats[index]) : .participantUpdated(seats[index])
    return [.persist, .tell(.everyone, change)]
  }

  /// What becomes of a seat when its user publishes. Trying again gives nobody more time than he was promised.
  private func publishing(_ state: Seat.State, at now: Instant) -> Seat.State {
    switch state {
    case .reserved(let deadline): .connecting(until: deadline.advanced(bySeconds: limits.firstMedia))
    case .connecting: state
    case .live, .reconnecting: .reconnecting(until: reconnectionDeadline(from: now))
    }
  }

  /// The publishing session of `user` is over. Who was live until now may come back for a while, unless he left.
  public mutating func publishStopped(by user: String, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].isParticipant else { return [] }
    let seat = seats[index]
    if reason == .lost, seat.wasLive { return lose(index, heard: now, at: now) }
    guard reason == .lost, case .connecting(let deadline?) = seat.state else { return vacate(user, reason, at: now) }
    let promised = deadline.advanced(bySeconds: -limits.firstMedia)
    guard promised > now else { return vacate(user, reason, at: now) }
    seats[index].state = .reserved(until: promised)
    return [.persist, .tell(.everyone, .participantLeft(seat.user, reason)), .closeStage(user: user)]
  }

  /// Nothing is heard from a participant any more. He stays on stage until his time is over.
  public mutating func connectionLost(of user: String, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user) else { return [] }
    return lose(index, heard: now.advanced(bySeconds: -limits.silenceNotice), at: now)
  }

  private mutating func lose(_ index: Int, heard: Instant, at now: Instant) -> [RoomAction] {
    guard seats[index].state == .live else { return [] }
    seats[index].state = .reconnecting(until: reconnectionDeadline(from: now))
    if seats[index].role == .host { hostSilence = heard }
    return [.persist, .tell(.everyone, .participantUpdated(seats[index]))] + hostChanged(at: now)
  }

  /// The same session of a participant is heard again.
  public mutating func connectionRestored(of user: String, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user), case .reconnecting = seats[index].state else { return [] }
    seats[index].state = .live
    return [.persist, .tell(.everyone, .participantUpdated(seats[index]))] + hostChanged(at: now)
  }

  /// Media of a participant was decoded for the first time, or what he sends has changed.
  public mutating func mediaArrived(
    from user: String, video: Bool, audio: Bool, at now: Instant
  ) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].isParticipant else { return [] }
    let before = seats[index]
    seats[index].hasVideo = video && !before.isSoundOnly
    seats[index].hasAudio = audio
    if video || audio { seats[index].state = .live }
    guard seats[index] != before else { return [] }
    var actions: [RoomAction] = [.persist, .tell(.everyone, .participantUpdated(seats[index]))]
    // After a silence too the worker takes him for somebody new, whom nobody has muted.
    let comesAnew = before.state != .live || !(before.hasVideo || before.hasAudio)
    if comesAnew, before.controls != Controls() {
      actions.append(.setControls(user: user, before.controls))
    }
    return actions + hostChanged(at: now)
  }

  /// A helper changes anybody's controls, a participant his own as far as nobody has restrained him.
  public mutating func control(
    _ user: String, _ change: ControlsChange, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.changeParticipant, of: actor, at: now)
    let index = try participant(user, for: actor, at: now)
    guard seats[index].isParticipant else { throw .participantUnknown }
    if let volume = change.volume, !(0...2).contains(volume) { throw .volumeInvalid }
    let before = seats[index]
    seats[index].restraints = try restraints(of: before, after: change, by: actor)
    seats[index].controls = before.controls.applying(change)
    let seat = seats[index]
    guard seat != before else { return [] }
    let inform: [RoomAction] = [.persist, .tell(.everyone, .participantUpdated(seat))]
    return (seat.controls == before.controls ? [] : [.setControls(user: user, seat.controls)]) + inform
  }

  /// Nobody undoes what others have decided about him, nor an admin what the host or an operator has.
  private func restraints(
    of seat: Seat, after change: ControlsChange, by actor: Person
  ) throws(SignalingError) -> Restraints {
    var result = seat.restraints
    let isFirm = actor.id == host.id || actor.isOperator
    let binding = actor.id == seat.user.id ? result.all : isFirm ? Restraint() : result.firm
    guard binding.admits(change) else { throw .participantMutedByHost }
    if actor.id == seat.user.id { return result }
    result.all = result.all.imposing(change)
    if isFirm { result.firm = result.firm.imposing(change) }
    return result
  }

  /// A participant leaves the stage, or a helper takes somebody off it, who then has to wait before he may apply again.
  public mutating func remove(
    _ user: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.changeParticipant, of: actor, at: now)
    _ = try participant(user, for: actor, at: now)
    guard actor.id != user else { return vacate(user, .left, at: now) }
    removals.begin(for: user, until: now.advanced(bySeconds: limits.kickInterval), at: now)
    return vacate(user, .kicked, at: now)
  }

  /// Where `user` sits, for somebody who wants to change or remove him.
  private func participant(_ user: String, for actor: Person, at now: Instant) throws(SignalingError) -> Int {
    if actor.id != user {
      try require(.moderateStage, of: actor, at: now)
      try requireRank(of: actor, over: seat(of: user)?.user ?? Person(id: user, name: ""))
    }
    guard let index = seatIndex(of: user) else { throw .participantUnknown }
    return index
  }

  mutating func freeSeats(at now: Instant) -> [RoomAction] {
    seats.filter { $0.deadline.map { $0 <= now } ?? false }.flatMap { vacate($0.user.id, $0.lateness, at: now) }
  }

  private func reconnectionDeadline(from now: Instant) -> Instant { now.advanced(bySeconds: limits.reconnection) }
}
