extension Room {
  /// The room is linked with others now, or no longer. While it is, nobody else comes on stage.
  public mutating func setLink(_ link: String?, at now: Instant) -> [RoomAction] {
    guard status != .ended, link != self.link else { return [] }
    self.link = link
    guard link != nil else { return [] }
    return closePending(as: .cancelled, reason: SignalingError.applicationDuringLink.code) { _ in true }
  }

  func requireNoLink() throws(SignalingError) {
    if link != nil { throw .applicationDuringLink }
  }
}
