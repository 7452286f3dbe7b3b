extension Room {
  /// When `advance(to:)` has something to do next.
  public var nextDeadline: Instant? {
    if status == .ended { return nil }
    let seats = seats.lazy.compactMap(\.deadline).min()
    return [pending.first?.deadline, seats, nextViewerCount].compactMap { $0 }.min()
  }

  /// Does what time alone brings about: requests expire, unused seats are freed, the viewer count is told.
  public mutating func advance(to now: Instant) -> [RoomAction] {
    if status == .ended { return [] }
    return expireRequests(at: now) + freeSeats(at: now) + announceViewers(at: now)
  }
}
