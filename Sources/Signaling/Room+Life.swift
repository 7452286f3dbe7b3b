extension Room {
  /// The host ends the show for everybody.
  public mutating func end(by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.endRoom, of: actor, at: now)
    return finish(.host, at: now)
  }

  /// An operator ends the show, perhaps so that it can never be live again.
  public mutating func close(
    forGood: Bool = false, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try require(.operate, of: actor, at: now)
    guard status != .ended else {
      guard forGood, !isClosedForGood else { throw forGood ? .roomBanned : .roomEnded }
      isClosedForGood = true
      return [.persist]
    }
    isClosedForGood = forGood
    return finish(.operator, at: now)
  }

  /// An operator lets a room be live again. One that was over before stays so.
  public mutating func lift(reopens: Bool, by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try require(.operate, of: actor, at: now)
    guard isClosedForGood else { return [] }
    isClosedForGood = false
    if reopens { (status, ended, endReason, unusedSince, made) = (.waiting, nil, nil, now, now) }
    return [.persist]
  }

  /// An operator says something to everybody in the room.
  public mutating func warn(_ text: String, by actor: Person, at now: Instant) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.operate, of: actor, at: now)
    let text = try DisplayText.warning(text)
    if text.isEmpty { throw .warningInvalid }
    return [.tell(.everyone, .roomWarned(text))]
  }

  /// Nobody is left who could go on with it.
  public mutating func abandon(at now: Instant) -> [RoomAction] {
    status == .ended ? [] : finish(.abandoned, at: now)
  }

  private mutating func finish(_ reason: EndReason, at now: Instant) -> [RoomAction] {
    raisePeak()
    var actions = closePending(as: .cancelled, reason: StageRequest.EndCode.ended.rawValue, at: now) { _ in true }
    for seat in participants { actions.append(.tell(.everyone, .participantLeft(seat.user, .ended))) }
    seats.removeAll()
    heldRestraints = HeldRestraints()
    status = .ended
    ended = now
    endReason = reason
    link = nil
    (hostSilence, unusedSince, nextViewerCount) = (nil, nil, nil)
    absences.removeAll()
    return actions + asRoom(chat.tellRest(at: now)) + [.persist, .tell(.everyone, .roomEnded), .closeRoom]
  }

  /// Brings status and times up to date after something happened to the host's seat or sockets.
  mutating func hostChanged(at now: Instant) -> [RoomAction] {
    let isUsed = audience[host.id] != nil || seat(of: host.id) != nil
    unusedSince = isUsed ? nil : unusedSince ?? now
    switch seat(of: host.id)?.state {
    case .live:
      hostSilence = nil
      if started == nil { started = now }
      return become(.live)
    case .reconnecting:
      return []  // Live until his silence has lasted too long; see `noticeSilence`.
    case .connecting, .reserved, nil:
      if status == .live, hostSilence == nil { hostSilence = now }
      return become(.waiting)
    }
  }

  private mutating func become(_ status: Status) -> [RoomAction] {
    guard status != self.status else { return [] }
    self.status = status
    return [.persist, .tell(.everyone, .roomUpdated)]
  }

  /// When a live room begins to wait.
  var silenceDeadline: Instant? {
    status == .live ? hostSilence?.advanced(bySeconds: limits.hostSilence) : nil
  }

  /// When the room ends by itself.
  public var abandonmentDeadline: Instant? {
    let silent = hostSilence?.advanced(bySeconds: limits.hostAbsence)
    let unused = unusedSince?.advanced(bySeconds: limits.unused)
    let unstarted = status == .ended || started != nil ? nil : made.advanced(bySeconds: limits.unstarted)
    return [silent, unused, unstarted].compactMap { $0 }.min()
  }

  mutating func noticeSilence(at now: Instant) -> [RoomAction] {
    if let deadline = abandonmentDeadline, deadline <= now { return abandon(at: now) }
    if let deadline = silenceDeadline, deadline <= now { return become(.waiting) }
    return []
  }
}
