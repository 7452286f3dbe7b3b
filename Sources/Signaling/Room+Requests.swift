extension Room {
  /// A viewer asks to come on stage.
  public mutating func apply(
    id: String, media: StageRequest.Media, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    try requireOffStage(actor.id)
    try requireNoPending(.application, for: actor.id)
    try requireSpace()
    guard count(of: .application) < limits.pendingApplications else { throw .applicationQueueFull }
    guard applyRate.take(for: actor.id, at: now) else { throw .applicationTooOften }
    return open(id: id, origin: .application, user: actor, media: media, at: now)
  }

  /// The host asks `user` on stage.
  public mutating func invite(
    id: String, user: Person, media: StageRequest.Media = .video, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    try requireHost(actor)
    try requireOffStage(user.id)
    try requireNoPending(.invitation, for: user.id)
    try requireSpace()
    guard count(of: .invitation) < limits.pendingInvitations else { throw .invitationQueueFull }
    return open(id: id, origin: .invitation, user: user, media: media, at: now)
  }

  /// Accepts, rejects or takes back a pending request.
  public mutating func answer(
    _ answer: StageRequest.Answer, _ origin: StageRequest.Origin, id: String, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    guard let request = request(id), request.origin == origin, sees(request, actor) else { throw origin.unknown }
    guard request.admits(answer, by: actor, host: host) else { throw .forbidden }
    guard let index = pending.firstIndex(where: { $0.id == id }), now < request.deadline else { throw origin.closed }
    if answer == .accept { try requireSpace() }
    var actions = [close(at: index, as: answer.outcome)]
    pending.remove(at: index)
    if answer == .accept { actions += reserveSeat(for: request, at: now) }
    return actions
  }

  /// Only the two people of a request know about it.
  private func sees(_ request: StageRequest, _ actor: Person) -> Bool {
    actor.id == host.id || actor.id == request.user.id
  }

  private mutating func open(
    id: String, origin: StageRequest.Origin, user: Person, media: StageRequest.Media, at now: Instant
  ) -> [RoomAction] {
    let deadline = now.advanced(bySeconds: limits.requestTimeout)
    let request = StageRequest(id: id, origin: origin, user: user, media: media, deadline: deadline)
    pending.append(request)
    return [.tell(parties(of: request), .requestCreated(request))]
  }

  /// Ends the request at `index` of `pending`; the caller removes it there.
  mutating func close(at index: Int, as state: StageRequest.State) -> RoomAction {
    var request = pending[index]
    request.state = state
    closed.append(request)
    if closed.count > limits.closedRequests { closed.removeFirst() }
    return .tell(parties(of: request), .requestUpdated(request))
  }

  private mutating func reserveSeat(for request: StageRequest, at now: Instant) -> [RoomAction] {
    let deadline = now.advanced(bySeconds: limits.seatReservation)
    seats.append(Seat(user: request.user, role: .cohost, media: request.media, state: .reserved(until: deadline)))
    return closePending { $0.user.id == request.user.id }
  }

  private mutating func closePending(where matches: (StageRequest) -> Bool) -> [RoomAction] {
    var actions: [RoomAction] = []
    for index in pending.indices.reversed() where matches(pending[index]) {
      actions.append(close(at: index, as: .cancelled))
      pending.remove(at: index)
    }
    return actions
  }

  mutating func expireRequests(at now: Instant) -> [RoomAction] {
    var actions: [RoomAction] = []
    while let first = pending.first, first.deadline <= now {
      actions.append(close(at: 0, as: .expired))
      pending.removeFirst()
    }
    return actions
  }

  private func parties(of request: StageRequest) -> Audience { .users([host.id, request.user.id]) }

  private func count(of origin: StageRequest.Origin) -> Int {
    pending.count { $0.origin == origin }
  }

  private func requireOffStage(_ user: String) throws(SignalingError) {
    if role(of: user) != .viewer { throw .participantExists }
  }

  private func requireNoPending(_ origin: StageRequest.Origin, for user: String) throws(SignalingError) {
    if pending.contains(where: { $0.origin == origin && $0.user.id == user }) { throw origin.pending }
  }

  /// The host's place is kept for him even while he does not publish.
  private func requireSpace() throws(SignalingError) {
    if seats.count(where: { $0.role == .cohost }) >= limits.stage - 1 { throw .roomFull }
  }
}
