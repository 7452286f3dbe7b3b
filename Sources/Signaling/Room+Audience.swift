extension Room {
  /// People who follow the room without a seat. The host is never a viewer.
  public var viewers: Int { audience.count { $0.key != host.id && seat(of: $0.key) == nil } }

  /// One more connection of `user` follows the room.
  public mutating func joinAudience(_ user: Person, at now: Instant) {
    audience[user.id, default: 0] += 1
    absences[user.id] = nil
    if audience[user.id] == 1, user.id != host.id { chat.entered(user, at: now) }
    audienceChanged(user.id, at: now)
  }

  public mutating func leaveAudience(_ user: String, at now: Instant) {
    guard let connections = audience[user] else { return }
    audience[user] = connections > 1 ? connections - 1 : nil
    if connections == 1, pending.contains(where: { $0.origin == .application && $0.user.id == user }) {
      absences[user] = now.advanced(bySeconds: limits.applicantAbsence)
    }
    if connections == 1, user != host.id { chat.left(user, at: now) }
    audienceChanged(user, at: now)
  }

  /// Takes back the applications of viewers who left the room.
  mutating func withdrawAbsent(at now: Instant) -> [RoomAction] {
    let gone = Set(absences.filter { $0.value <= now }.keys)
    guard !gone.isEmpty else { return [] }
    for user in gone { absences[user] = nil }
    return closePending(as: .cancelled, reason: StageRequest.EndCode.left.rawValue, at: now) {
      $0.origin == .application && gone.contains($0.user.id)
    }
  }

  private mutating func audienceChanged(_ user: String, at now: Instant) {
    guard status != .ended else { return }
    if user == host.id { _ = hostChanged(at: now) }
    if nextViewerCount == nil { nextViewerCount = now.advanced(bySeconds: limits.viewerCountInterval) }
  }

  mutating func announceViewers(at now: Instant) -> [RoomAction] {
    guard status != .ended, let due = nextViewerCount, due <= now else { return [] }
    nextViewerCount = nil
    let count = viewers
    guard count != announcedViewers else { return [] }
    announcedViewers = count
    return [.tell(.everyone, .viewerCount(count))]
  }
}
