extension Room {
  public var title: String { info.title }
  public var layout: String { info.layout }

  /// Changes how the room presents itself and its settings, all or nothing.
  ///
  /// `message` is for the notice, which everybody reads in the chat too when it is a new one.
  public mutating func update(
    _ change: RoomChange, message: String = "notice", by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(change.permission, of: actor, at: now)
    let info = try info.applying(change)
    let settings = try settings.applying(change.settings)
    try info.requireClean(settings, since: self.info)
    if seats.contains(where: { $0.index >= settings.stage }) { throw .stageOccupied }
    guard info != self.info || settings != self.settings else { return [] }
    let isNotice = info.notice != self.info.notice && !info.notice.isEmpty
    if isNotice, chat.mute(of: actor.id, at: now) != nil { throw .chatMuted }
    if isNotice, !noticeRate.take(at: now) { throw .noticeTooOften }
    let hadSeats = self.settings.stage
    self.info = info
    self.settings = settings
    chat.set(ChatRules(settings))
    lockedSeats = lockedSeats.filter { $0 < settings.stage }
    return [.persist, .tell(.everyone, .roomUpdated)]
      + (settings.stage == hadSeats ? [] : [.tell(.everyone, .seatsChanged)])
      + (isNotice ? tellNotice(id: message, info.notice, by: actor, at: now) : [])
  }
}

extension RoomMemory {
  /// A room that somebody wants to make; it is refused what a change of it would be.
  public init(making wanted: RoomChange, layout: String) throws(SignalingError) {
    let settings = try RoomSettings().applying(wanted.settings)
    let info = try RoomInfo(title: "", layout: layout).applying(wanted)
    try info.requireClean(settings)
    self.init(info: info, settings: settings)
  }
}

extension RoomInfo {
  /// New words of all that is shown obey the room's word filter as those of the chat do.
  fileprivate func requireClean(_ settings: RoomSettings, since old: RoomInfo? = nil) throws(SignalingError) {
    let (filter, known) = (WordFilter(settings.wordFilter), old?.words ?? [])
    if words.contains(where: { !known.contains($0) && filter.catches($0) }) { throw .chatFiltered }
  }

  private var words: [String] { [title, notice, category] + tags }
}
