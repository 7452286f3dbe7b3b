extension Room {
  public var title: String { info.title }
  public var layout: String { info.layout }

  /// Changes how the room presents itself and its settings, all or nothing.
  public mutating func update(
    _ change: RoomChange, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen(change.permission, of: actor, at: now)
    let info = try info.applying(change)
    let settings = try settings.applying(change.settings)
    if seats.contains(where: { $0.index >= settings.stage }) { throw .stageOccupied }
    guard info != self.info || settings != self.settings else { return [] }
    let hadSeats = self.settings.stage
    self.info = info
    self.settings = settings
    chat.set(ChatRules(settings))
    lockedSeats = lockedSeats.filter { $0 < settings.stage }
    return [.persist, .tell(.everyone, .roomUpdated)]
      + (settings.stage == hadSeats ? [] : [.tell(.everyone, .seatsChanged)])
  }
}
