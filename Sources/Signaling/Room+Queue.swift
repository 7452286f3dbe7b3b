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
    return [.persist, .tell(parties(of: request), .requestCreated(request))] + applicationsChanged(by: origin)
  }

  /// Ends the request at `index` of `pending`.
  mutating func close(at index: Int, as state: StageRequest.State, reason: String?) -> RoomAction {
    var request = pending.remove(at: index)
    request.state = state
    request.reason = reason
    if request.origin == .application { absences[request.user.id] = nil }
    closed.append(request)
    if closed.count > limits.closedRequests { closed.removeFirst() }
    return .tell(parties(of: request), .requestUpdated(request))
  }

  mutating func closePending(
    as state: StageRequest.State, reason: String?, where matches: (StageRequest) -> Bool
  ) -> [RoomAction] {
    let applications = count(of: .application)
    var actions: [RoomAction] = []
    for index in pending.indices.reversed() where matches(pending[index]) {
      actions.append(close(at: index, as: state, reason: reason))
    }
    if actions.isEmpty { return [] }
    return actions
      + (count(of: .application) == applications ? [.persist] : applicationsChanged(by: .application))
  }

  mutating func expireRequests(at now: Instant) -> [RoomAction] {
    guard pending.contains(where: { $0.deadline <= now }) else { return [] }
    let code: StageRequest.EndCode = freeSeat == nil ? .full : .timeout
    return closePending(as: .expired, reason: code.rawValue) { $0.deadline <= now }
  }

  func applicationsChanged(by origin: StageRequest.Origin) -> [RoomAction] {
    guard origin == .application else { return [.persist] }
    return [.persist, .tell(.users(helpers), .applicationCount(count(of: .application)))]
  }

  private func parties(of request: StageRequest) -> Audience { .users(helpers.union([request.user.id])) }
}
