extension Room {
  /// When `advance(to:)` has something to do next.
  public var nextDeadline: Instant? {
    if status == .ended { return nil }
    let requests = pending.lazy.map(\.deadline).min()
    let seats = seats.lazy.compactMap(\.deadline).min()
    return [
      requests, seats, absences.values.min(), nextViewerCount, silenceDeadline, abandonmentDeadline, chat.nextDeadline,
      queuePace.due,
    ].compactMap { $0 }.min()
  }

  /// Does what time alone brings about: requests expire, unused seats are freed, a silent host's room waits and ends.
  public mutating func advance(to now: Instant) -> [RoomAction] {
    if status == .ended { return [] }
    return expireRequests(at: now) + withdrawAbsent(at: now) + freeSeats(at: now) + noticeSilence(at: now)
      + tellPlaces(at: now) + announceViewers(at: now) + asRoom(chat.advance(to: now))
  }
}
