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

  /// `user` opened a publishing session, perhaps instead of an older one. Who was live until now only reconnects.
  public mutating func publishStarted(by user: String, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requirePublishing(user)
    guard let index = seatIndex(of: user) else {
      let seat = Seat(user: host, role: .host, media: .video, state: .connecting)
      seats.insert(seat, at: 0)
      return [.tell(.everyone, .participantJoined(seat))]
    }
    let isNew = !seats[index].isParticipant
    seats[index].state = seats[index].wasLive ? .reconnecting(until: reconnectionDeadline(from: now)) : .connecting
    let change = isNew ? RoomEvent.participantJoined(seats[index]) : .participantUpdated(seats[index])
    return [.tell(.everyone, change)] + refreshStatus()
  }

  /// The publishing session of `user` is over. Who was live until now may come back for a while, unless he left.
  public mutating func publishStopped(by user: String, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].isParticipant else { return [] }
    let seat = seats[index]
    if reason == .lost, seat.wasLive { return connectionLost(of: user, at: now) }
    if reason == .lost, seat.role == .cohost {
      seats[index].state = .reserved(until: now.advanced(bySeconds: limits.seatReservation))
    } else {
      seats.remove(at: index)
    }
    return [.tell(.everyone, .participantLeft(seat.user, reason)), .closeStage(user: user)] + refreshStatus()
  }

  /// Nothing is heard from a participant any more. He stays on stage, and the room live, until his time is over.
  public mutating func connectionLost(of user: String, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user), seats[index].state == .live else { return [] }
    seats[index].state = .reconnecting(until: reconnectionDeadline(from: now))
    return [.tell(.everyone, .participantUpdated(seats[index]))]
  }

  /// The same session of a participant is heard again.
  public mutating func connectionRestored(of user: String) -> [RoomAction] {
    guard let index = seatIndex(of: user), case .reconnecting = seats[index].state else { return [] }
    seats[index].state = .live
    return [.tell(.everyone, .participantUpdated(seats[index]))]
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
    let overdue = seats.filter { $0.deadline.map { $0 <= now } ?? false }
    guard !overdue.isEmpty else { return [] }
    seats.removeAll { seat in overdue.contains { $0.user.id == seat.user.id } }
    return overdue.flatMap { seat -> [RoomAction] in
      let left = RoomEvent.participantLeft(seat.user, .lost)
      // Of a seat that was never taken nobody else knows.
      guard seat.isParticipant else { return [.tell(.users([host.id, seat.user.id]), left)] }
      return [.tell(.everyone, left), .closeStage(user: seat.user.id)]
    } + refreshStatus()
  }

  private func reconnectionDeadline(from now: Instant) -> Instant { now.advanced(bySeconds: limits.reconnection) }

  /// A room is live while media of its host arrives, or he may still come back.
  private mutating func refreshStatus() -> [RoomAction] {
    let now: Status = seats.contains { $0.role == .host && $0.wasLive } ? .live : .waiting
    guard now != status, status != .ended else { return [] }
    status = now
    return [.persist, .tell(.everyone, .roomUpdated)]
  }
}

extension Seat {
  /// When the seat is given back.
  var deadline: Instant? {
    switch state {
    case .reserved(let deadline), .reconnecting(let deadline): deadline
    case .connecting, .live: nil
    }
  }

  /// His media was seen, and his time to come back is not over.
  var wasLive: Bool {
    switch state {
    case .live, .reconnecting: true
    case .reserved, .connecting: false
    }
  }
}
