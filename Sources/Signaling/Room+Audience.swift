extension Room {
  /// People who follow the room or watch its programme without a seat, each once. The host is never a viewer.
  public var viewers: Int {
    audience.count { isViewer($0.key) } + watchers.count { audience[$0.key] == nil && isViewer($0.key) }
  }

  private func isViewer(_ user: String) -> Bool { user != host.id && seat(of: user) == nil }

  /// One more stream of the programme goes to `viewer`: a user, or the stream itself where nobody has said who watches.
  public mutating func startWatching(_ viewer: String, at now: Instant) {
    watchers[viewer, default: 0] += 1
    viewersChanged(at: now)
  }

  public mutating func stopWatching(_ viewer: String, at now: Instant) {
    guard let streams = watchers[viewer] else { return }
    watchers[viewer] = streams > 1 ? streams - 1 : nil
    viewersChanged(at: now)
  }

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
    viewersChanged(at: now)
  }

  /// Somebody has come on stage or left it: who has the page open is a viewer no longer, or again.
  mutating func stageChanged(at now: Instant) {
    if viewers != announcedViewers { viewersChanged(at: now) }
  }

  private mutating func viewersChanged(at now: Instant) {
    guard status != .ended, nextViewerCount == nil else { return }
    nextViewerCount = now.advanced(bySeconds: limits.viewerCountInterval)
  }

  mutating func announceViewers(at now: Instant) -> [RoomAction] {
    guard status != .ended, let due = nextViewerCount, due <= now else { return [] }
    nextViewerCount = nil
    let count = viewers
    let isPeak = raisePeak()
    guard count != announcedViewers else { return isPeak ? [.persist] : [] }
    announcedViewers = count
    return (isPeak ? [.persist] : []) + [.tell(.everyone, .viewerCount(count))]
  }

  /// Whether there have never been so many viewers.
  @discardableResult
  mutating func raisePeak() -> Bool {
    let count = viewers
    defer { peakViewers = max(peakViewers, count) }
    return count > peakViewers
  }
}
