/// A numbered place on stage; 0 is the host's.
public struct SeatPlace: Sendable, Equatable {
  public enum State: String, Sendable, Codable { case free, locked, taken }

  public let index: Int
  public let state: State
  /// Who sits there, or has been promised it.
  public let user: Person?
}

extension Room {
  /// Every place, whoever is on it. The host's is never free: it waits for him.
  public var places: [SeatPlace] {
    (0..<settings.stage).map { index in
      if index == 0 { return SeatPlace(index: 0, state: .taken, user: host) }
      if let seat = seats.first(where: { $0.index == index }) {
        return SeatPlace(index: index, state: .taken, user: seat.user)
      }
      return SeatPlace(index: index, state: lockedSeats.contains(index) ? .locked : .free, user: nil)
    }
  }

  /// Locks a free seat, so that nobody gets it, or unlocks it.
  public mutating func lockSeat(
    _ index: Int, _ locked: Bool, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(.lockSeats, of: actor, at: now)
    guard (0..<settings.stage).contains(index) else { throw .seatUnknown }
    guard index > 0, !seats.contains(where: { $0.index == index }) else {
      if locked { throw .seatTaken }
      return []
    }
    guard locked != lockedSeats.contains(index) else { return [] }
    if locked { lockedSeats.insert(index) } else { lockedSeats.remove(index) }
    return [.persist, .tell(.everyone, .seatsChanged)]
  }

  /// The first place a co-host could get.
  var freeSeat: Int? {
    (1..<settings.stage).first { index in
      !lockedSeats.contains(index) && !seats.contains { $0.index == index }
    }
  }

  /// Somebody who is not the host is on stage or has been promised a seat.
  public var hasCohosts: Bool { seats.contains { $0.role == .cohost } }

  func seatIndex(of user: String) -> Int? { seats.firstIndex { $0.user.id == user } }

  /// Takes somebody off the stage. Of a seat that was never used only its user and the helpers are told.
  mutating func vacate(_ user: String, _ reason: LeaveReason, at now: Instant) -> [RoomAction] {
    guard let index = seatIndex(of: user) else { return [] }
    let seat = seats.remove(at: index)
    if seat.role == .cohost { heldRestraints.keep(seat) }
    stageChanged(at: now)
    let audience = seat.isParticipant ? Audience.everyone : .users(helpers.union([user]))
    var actions: [RoomAction] = [.persist, .tell(audience, .participantLeft(seat.user, reason))]
    if seat.isParticipant { actions.append(.closeStage(user: user)) }
    if seat.role == .cohost { actions.append(.tell(.everyone, .seatsChanged)) }
    actions += hostChanged(at: now)
    // A pause that he takes is not a silence: while his page is open the room waits, and half an hour longer.
    if seat.role == .host, reason == .left { hostSilence = nil }
    return actions
  }
}
