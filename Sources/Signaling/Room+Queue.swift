/// How requests come into the queue and leave it.
extension Room {
  mutating func open(
    id: String, origin: StageRequest.Origin, user: Person, media: StageRequest.Media, message: String, at now: Instant
  ) -> [RoomAction] {
    let deadline = now.advanced(bySeconds: Double(settings.requestTimeout))
    requestCount += 1
    let request = StageRequest(
      id: id, number: requestCount, origin: origin, user: user, media: media, message: message, deadline: deadline)
    pending.append(request)
    toldPlaces[id] = position(of: id)
    return [.persist, .tell(parties(of: request), .requestCreated(request))] + applicationsChanged(by: origin, at: now)
  }

  /// Ends the request at `index` of `pending`.
  mutating func close(at index: Int, as state: StageRequest.State, reason: String?) -> RoomAction {
    var request = pending.remove(at: index)
    request.state = state
    request.reason = reason
    if request.origin == .application { (absences[request.user.id], toldPlaces[request.id]) = (nil, nil) }
    closed.append(request)
    if closed.count > limits.closedRequests { closed.removeFirst() }
    return .tell(parties(of: request), .requestUpdated(request))
  }

  mutating func closePending(
    as state: StageRequest.State, reason: String?, at now: Instant, where matches: (StageRequest) -> Bool
  ) -> [RoomAction] {
    let applications = count(of: .application)
    var actions: [RoomAction] = []
    for index in pending.indices.reversed() where matches(pending[index]) {
      actions.append(close(at: index, as: state, reason: reason))
    }
    if actions.isEmpty { return [] }
    return actions
      + (count(of: .application) == applications ? [.persist] : applicationsChanged(by: .application, at: now))
  }

  mutating func expireRequests(at now: Instant) -> [RoomAction] {
    guard pending.contains(where: { $0.deadline <= now }) else { return [] }
    let code: StageRequest.EndCode = freeSeat == nil ? .full : .timeout
    return closePending(as: .expired, reason: code.rawValue, at: now) { $0.deadline <= now }
  }

  mutating func applicationsChanged(by origin: StageRequest.Origin, at now: Instant) -> [RoomAction] {
    guard origin == .application else { return [.persist] }
    if hasMovedPlaces { queuePace.ask(at: now) }
    return [.persist, .tell(.users(helpers), .applicationCount(count(of: .application)))] + tellPlaces(at: now)
  }

  /// Tells who has moved up in the queue, all at once and not more often than anybody could read.
  mutating func tellPlaces(at now: Instant) -> [RoomAction] {
    guard queuePace.take(at: now, hasSpace: true, patience: 0) else { return [] }
    var actions: [RoomAction] = []
    for (place, request) in pending.lazy.filter({ $0.origin == .application }).enumerated()
    where toldPlaces[request.id] != place + 1 {
      toldPlaces[request.id] = place + 1
      actions.append(.tell(parties(of: request), .requestChanged(request)))
    }
    return actions
  }

  private var hasMovedPlaces: Bool {
    pending.lazy.filter { $0.origin == .application }.enumerated().contains { toldPlaces[$1.id] != $0 + 1 }
  }

  func parties(of request: StageRequest) -> Audience { .users(helpers.union([request.user.id])) }
}
