extension Room {
  /// A pending or recently closed request.
  public func request(_ id: String) -> StageRequest? {
    pending.first { $0.id == id } ?? closed.first { $0.id == id }
  }

  public var pendingApplications: Int { count(of: .application) }

  /// Where a pending application stands among all of them, from 1.
  public func position(of id: String) -> Int? {
    pending.lazy.filter { $0.origin == .application }.firstIndex { $0.id == id }
      .map { end in pending[..<end].count { $0.origin == .application } + 1 }
  }

  /// Pending requests that `actor` may see, oldest first: all for helpers, one's own for others.
  public func requests(_ origin: StageRequest.Origin, for actor: Person, at now: Instant) -> [StageRequest] {
    let seesAll = allows(.answerApplications, to: actor, at: now)
    return pending.filter { $0.origin == origin && (seesAll || $0.user.id == actor.id) }
  }

  /// A viewer asks to come on stage.
  public mutating func apply(
    id: String, media: StageRequest.Media, message: String = "", by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    if seat(of: actor.id) != nil || actor.id == host.id { throw .participantExists }
    try require(.apply, of: actor, at: now)
    try requireNoLink()
    if settings.applications == .closed { throw .applicationClosedByHost }
    guard let message = DisplayText.line(message, characters: 60, bytes: 480) else { throw .applicationMessageInvalid }
    if !message.isEmpty { try chat.requireVoice(of: actor, at: now) }
    try requireNoPending(.application, for: actor.id)
    try requireSpace()
    guard count(of: .application) < limits.pendingApplications else { throw .applicationQueueFull }
    if coolDowns.isActive(for: actor.id, at: now) || removals.isActive(for: actor.id, at: now) {
      throw .applicationTooOften
    }
    coolDowns.begin(for: actor.id, until: now.advanced(bySeconds: limits.applicationInterval), at: now)
    return open(id: id, origin: .application, user: actor, media: media, message: message, at: now)
  }

  /// Seconds until `user` may apply again.
  public func applicationPause(of user: String, at now: Instant) -> Double {
    max(coolDowns.pause(for: user, at: now), invitationPause(of: user, at: now))
  }

  /// Seconds until somebody else than the host may invite `user`, who was removed from the stage.
  public func invitationPause(of user: String, at now: Instant) -> Double { removals.pause(for: user, at: now) }

  /// A helper asks `user` on stage; one who was removed from it a moment ago only the host himself.
  public mutating func invite(
    id: String, user: Person, media: StageRequest.Media = .video, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.invite, of: actor, at: now)
    try requireNoLink()
    try require(.enter, of: user, at: now)
    if seat(of: user.id) != nil || user.id == host.id { throw .participantExists }
    // His own application is for others to accept.
    if user.id == actor.id { throw .forbidden }
    try requireNoPending(.invitation, for: user.id)
    try requireSpace()
    guard count(of: .invitation) < limits.pendingInvitations else { throw .invitationQueueFull }
    if actor.id != host.id, removals.isActive(for: user.id, at: now) { throw .applicationTooOften }
    return open(id: id, origin: .invitation, user: user, media: media, message: "", at: now)
  }

  /// Accepts, rejects or takes back a pending request.
  public mutating func answer(
    _ answer: StageRequest.Answer, _ origin: StageRequest.Origin, id: String, reason: String = "", by actor: Person,
    at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.enter, of: actor, at: now)
    guard let request = request(id), request.origin == origin, sees(request, actor, at: now) else {
      throw origin.unknown
    }
    guard admits(answer, to: request, by: actor, at: now) else { throw .forbidden }
    guard let index = pending.firstIndex(where: { $0.id == id }), now < request.deadline else { throw origin.closed }
    let reason = try DisplayText.reason(reason)
    if answer == .accept {
      try requireNoLink()
      try requireSpace()
    }
    if answer == .reject, origin == .application { noteRefusal(of: request.user.id, at: now) }
    let words = answer == .reject && !reason.isEmpty ? reason : nil
    let closing = [close(at: index, as: answer.outcome, reason: words)] + applicationsChanged(by: origin, at: now)
    return closing + (answer == .accept ? seat(request, at: now) : [])
  }

  private mutating func noteRefusal(of user: String, at now: Instant) {
    guard let pause = refusals.add(user, pauses: limits.refusalPauses, memory: limits.refusalMemory, at: now)
    else { return }
    coolDowns.begin(for: user, until: now.advanced(bySeconds: pause), at: now)
  }

  /// Only the helpers and the user of a request know about it.
  private func sees(_ request: StageRequest, _ actor: Person, at now: Instant) -> Bool {
    actor.id == request.user.id || allows(.answerApplications, to: actor, at: now)
  }

  /// Each answer belongs to one side.
  private func admits(
    _ answer: StageRequest.Answer, to request: StageRequest, by actor: Person, at now: Instant
  ) -> Bool {
    switch (request.origin, answer) {
    case (.application, .cancel), (.invitation, .accept), (.invitation, .reject): actor.id == request.user.id
    case (.application, .accept), (.application, .reject):
      actor.id != request.user.id && allows(.answerApplications, to: actor, at: now)
    case (.invitation, .cancel): actor.id != request.user.id && allows(.invite, to: actor, at: now)
    }
  }

  private mutating func seat(_ request: StageRequest, at now: Instant) -> [RoomAction] {
    guard let place = freeSeat else { return [] }
    let deadline = now.advanced(bySeconds: limits.seatReservation)
    var seat = Seat(index: place, user: request.user, media: request.media, state: .reserved(until: deadline))
    seat.restraints = heldRestraints.take(request.user.id)
    // Nobody has agreed to his picture.
    if request.media == .audio { seat.restraints.all.cameraOff = true }
    seat.controls = Controls().under(seat.restraint)
    seats.append(seat)
    refusals.forget(request.user.id)
    stageChanged(at: now)
    return [.persist, .tell(.everyone, .seatsChanged)]
      + closePending(as: .cancelled, reason: StageRequest.EndCode.seated.rawValue, at: now) {
        $0.user.id == request.user.id
      }
  }

  func count(of origin: StageRequest.Origin) -> Int { pending.count { $0.origin == origin } }

  private func requireNoPending(_ origin: StageRequest.Origin, for user: String) throws(SignalingError) {
    if pending.contains(where: { $0.origin == origin && $0.user.id == user }) { throw origin.pending }
  }

  private func requireSpace() throws(SignalingError) {
    if freeSeat == nil { throw .roomFull }
  }
}
