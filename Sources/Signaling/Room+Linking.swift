extension Room {
  /// The room is linked with others now, or no longer. While it is, nobody else comes on stage.
  public mutating func setLink(_ link: String?, at now: Instant) -> [RoomAction] {
    guard status != .ended, link != self.link else { return [] }
    self.link = link
    guard link != nil else { return [] }
    return closePending(as: .cancelled, reason: SignalingError.applicationDuringLink.code, at: now) { _ in true }
  }

  /// Whether `user` may receive the host of a linked room: as the host of this one, while he publishes.
  public func requireLinkedReceiving(_ user: Person) throws(SignalingError) {
    try requireOpen()
    guard user.id == host.id, seat(of: user.id)?.isParticipant == true else { throw .forbidden }
  }

  func requireNoLink() throws(SignalingError) {
    if link != nil { throw .applicationDuringLink }
  }
}
