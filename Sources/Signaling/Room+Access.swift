extension Room {
  /// Whether `user` may publish: the host, or somebody with a seat.
  public func requirePublishing(_ user: Person, at now: Instant) throws(SignalingError) {
    try requireOpen(.takePart, of: user, at: now)
  }

  /// Whether somebody, perhaps without a name, may follow the room.
  public func requireEntry(_ user: Person?, at now: Instant) throws(SignalingError) {
    try requireOpen()
    if let user { try require(.enter, of: user, at: now) }
  }

  /// Whether `user` may receive what `source` sends to the stage: both publish, and nobody receives himself.
  public func requireReceiving(_ user: Person, from source: String, at now: Instant) throws(SignalingError) {
    try requireOpen(.enter, of: user, at: now)
    guard let receiver = seat(of: user.id), receiver.isParticipant else { throw .forbidden }
    guard source != user.id, let sender = seat(of: source), sender.isParticipant else { throw .participantUnknown }
  }
}
