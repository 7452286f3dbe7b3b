extension Room {
  /// Whether `user` may publish: the host, or somebody with a seat.
  public func requirePublishing(_ user: String) throws(SignalingError) {
    try requireOpen()
    if role(of: user) == .viewer { throw .seatRequired }
  }

  /// Whether anybody may watch the programme.
  public func requireWatching() throws(SignalingError) { try requireOpen() }

  /// Whether `actor` may change scene, outputs and the room itself.
  public func requireDirecting(_ actor: Person) throws(SignalingError) {
    try requireOpen()
    try requireHost(actor)
  }

  /// Whether `user` may receive what `source` sends to the stage: both publish, and nobody receives himself.
  public func requireReceiving(_ user: String, from source: String) throws(SignalingError) {
    try requireOpen()
    guard let receiver = seat(of: user), receiver.isParticipant else { throw .forbidden }
    guard source != user, let sender = seat(of: source), sender.isParticipant else { throw .participantUnknown }
  }

  /// `user` opened a publishing session, perhaps instead of an older one.
  public mutating func publishStarted(by user: String) throws(SignalingError) -> [RoomAction] {
    try requirePublishing(user)
    guard let index = seatIndex(of: user) else {
      let seat = Seat(user: host, role: .host, media: .video, state: .connecting)
      seats.insert(seat, at: 0)
      return [.tell(.everyone, .participantJoined(seat))]
    }
    let isNew = !seats[index].isParticipant
    seats[index].state = .connecting
    seats[index].hasVideo = false
    seats[index].hasAudio = false
    let change = isNew ? RoomEvent.participantJoined(seats[index]) : .participantUpdated(seats[index])
    return [.tell(.everyone, change)] + refreshStatus()
  }

  /// The publishing session of `user` is over. A co-host whose connection was lost may come back for a while.
  public mutating func publishStopped(by user: String, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].isParticipant else { return [] }
    let seat = seats[index]
    if reason == .lost && seat.role == .cohost {
      seats[index].state = .reserved(until: now.advanced(bySeconds: limits.seatReservation))
    } else {
      seats.remove(at: index)
    }
    return [.tell(.everyone, .participantLeft(seat.user, reason)), .closeStage(user: user)] + refreshStatus()
  }

  /// Media of a participant was decoded for the first time, or what he sends has changed.
  public mutating func mediaArrived(from user: String, video: Bool, audio: Bool) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].isParticipant else { return [] }
    let before = seats[index]
    seats[index].hasVideo = video
    seats[index].hasAudio = audio
    if video || audio { seats[index].state = .live }
    guard seats[index] != before else { return [] }
    var actions: [RoomAction] = [.tell(.everyone, .participantUpdated(seats[index]))]
    // After a silence too the worker takes him for somebody new, whom nobody has muted.
    let comesAnew = before.state != .live || !(before.hasVideo || before.hasAudio)
    if comesAnew, before.controls != Controls() {
      actions.append(.setControls(user: user, before.controls))
    }
    return actions + refreshStatus()
  }

  /// The host changes anybody's controls, a co-host his own.
  public mutating func control(
    _ user: String, _ change: ControlsChange, by actor: Person
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    guard actor.id == host.id || actor.id == user else { throw .forbidden }
    guard let index = seatIndex(of: user), seats[index].isParticipant else { throw .participantUnknown }
    if let volume = change.volume, !(0...2).contains(volume) { throw .volumeInvalid }
    let controls = change.applied(to: seats[index].controls)
    guard controls != seats[index].controls else { return [] }
    seats[index].controls = controls
    return [.setControls(user: user, controls), .tell(.everyone, .participantUpdated(seats[index]))]
  }

  /// A participant leaves the stage, or the host takes somebody off it.
  public mutating func remove(_ user: String, by actor: Person) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    guard actor.id == host.id || actor.id == user else { throw .forbidden }
    guard let index = seatIndex(of: user) else { throw .participantUnknown }
    let seat = seats.remove(at: index)
    let reason: LeaveReason = actor.id == user ? .left : .kicked
    return [.tell(.everyone, .participantLeft(seat.user, reason)), .closeStage(user: user)] + refreshStatus()
  }

  mutating func freeSeats(at now: Instant) -> [RoomAction] {
    let overdue = seats.filter { $0.reservedUntil.map { $0 <= now } ?? false }
    seats.removeAll { $0.reservedUntil.map { $0 <= now } ?? false }
    return overdue.map { .tell(.users([host.id, $0.user.id]), .participantLeft($0.user, .lost)) }
  }

  /// A room is live exactly while media of its host arrives.
  private mutating func refreshStatus() -> [RoomAction] {
    let now: Status = seats.first?.role == .host && seats.first?.state == .live ? .live : .waiting
    guard now != status, status != .ended else { return [] }
    status = now
    return [.persist, .tell(.everyone, .roomUpdated)]
  }
}

extension Seat {
  var reservedUntil: Instant? {
    if case .reserved(let deadline) = state { deadline } else { nil }
  }
}
