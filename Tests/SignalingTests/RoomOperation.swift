import Signaling

/// Everything that can happen to a room, as the model test does it.
enum RoomOperation: CaseIterable {
  case apply, invite, answer, publish, media, stop, lost, restored, control, remove, lock
  case admin, edit, moderate, silence, link
  case enter, leave, watch, unwatch, chat, like, give, rename, warn, end, close, advance

  /// What was tried, for the checks after it.
  struct Attempt {
    var actor: Person
    /// What the table must grant for it.
    var permission: Permission?
    /// Not the table alone decides.
    var isMatterOfRank = false
  }

  /// What makes shows full is more frequent than what ends them.
  static let weighted: [RoomOperation] = allCases.flatMap { operation in
    switch operation {
    case .end, .close: Array(repeating: operation, count: 1)
    case .warn, .edit, .moderate, .silence, .admin, .link, .chat, .like, .give, .rename, .advance, .stop, .lost,
      .remove:
      Array(repeating: operation, count: 6)
    case .apply, .answer, .publish, .media, .control: Array(repeating: operation, count: 36)
    default: Array(repeating: operation, count: 12)
    }
  }

  func perform(on model: inout RoomModel, _ attempt: inout Attempt) throws(SignalingError) -> [RoomAction] {
    switch self {
    case .apply, .invite, .answer: try request(&model, &attempt)
    case .publish, .media, .stop, .lost, .restored: try stream(&model, attempt.actor)
    case .control, .remove, .lock: try stage(&model, &attempt)
    case .admin, .edit, .moderate, .silence, .warn, .end, .close: try direct(&model, &attempt)
    case .link, .enter, .leave, .watch, .unwatch, .chat, .like, .give, .rename, .advance: try happen(&model, &attempt)
    }
  }

  private func request(_ model: inout RoomModel, _ attempt: inout Attempt) throws(SignalingError) -> [RoomAction] {
    let (name, other, actor) = (model.newName(), model.random.pick(model.people), attempt.actor)
    switch self {
    case .apply:
      attempt.permission = .apply
      return try model.room.apply(
        id: name, media: model.random.pick([.video, .audio]), message: "m", by: actor, at: model.now)
    case .invite:
      (attempt.permission, attempt.isMatterOfRank) = (.invite, other.id == actor.id)
      return try model.room.invite(id: name, user: other, by: actor, at: model.now)
    default:
      let request = model.room.pending.isEmpty || model.random.chance(5) ? nil : model.random.pick(model.room.pending)
      return try model.room.answer(
        model.random.pick([.accept, .accept] + StageRequest.Answer.allCases),
        model.random.chance(10) ? .invitation : request?.origin ?? .application,
        id: request?.id ?? "x\(model.random.below(100))", reason: "no",
        by: model.random.chance(2) ? request?.user ?? actor : actor, at: model.now)
    }
  }

  private func stream(_ model: inout RoomModel, _ actor: Person) throws(SignalingError) -> [RoomAction] {
    switch self {
    case .publish: try model.room.publishStarted(by: actor, at: model.now)
    case .media:
      model.room.mediaArrived(
        from: actor.id, video: !model.random.chance(4), audio: !model.random.chance(4), at: model.now)
    case .stop: model.room.publishStopped(by: actor.id, model.random.pick([.left, .lost, .lost]), at: model.now)
    case .lost: model.room.connectionLost(of: actor.id, at: model.now)
    default: model.room.connectionRestored(of: actor.id, at: model.now)
    }
  }

  private func stage(_ model: inout RoomModel, _ attempt: inout Attempt) throws(SignalingError) -> [RoomAction] {
    let onStage = model.room.seats.map(\.user)
    if model.random.chance(2) { attempt.actor = model.random.pick(onStage + [attempt.actor]) }
    let (other, actor) = (model.random.pick(onStage + onStage + model.people).id, attempt.actor)
    switch self {
    case .control:
      (attempt.permission, attempt.isMatterOfRank) = (.changeParticipant, true)
      let change = ControlsChange(
        muted: model.random.pick([nil, true, false]), volume: model.random.pick([nil, 0, 0.5, 1, 2, 3]),
        camera: model.random.pick([nil, true, false]))
      return try model.room.control(model.random.chance(2) ? actor.id : other, change, by: actor, at: model.now)
    case .remove:
      (attempt.permission, attempt.isMatterOfRank) = (.changeParticipant, true)
      return try model.room.remove(other, by: actor, at: model.now)
    default:
      attempt.permission = .lockSeats
      return try model.room.lockSeat(
        model.random.below(9) - 1, !model.random.chance(3), by: actor, at: model.now)
    }
  }

  private func direct(_ model: inout RoomModel, _ attempt: inout Attempt) throws(SignalingError) -> [RoomAction] {
    let (actor, now) = (attempt.actor, model.now)
    var change = RoomChange()
    switch self {
    case .admin:
      attempt.permission = .manageAdmins
      return try model.room.setAdmin(
        model.random.pick(model.people), !model.random.chance(3), by: actor, at: now)
    case .edit:
      attempt.permission = .editRoom
      change.title = model.newName()
      change.settings.stage = model.random.pick([nil, 2, 3, 4, 5, 8])
      change.settings.applications = model.random.pick([nil, .open, .open, .closed])
      change.settings.requestTimeout = 10 + model.random.below(52)
      return try model.room.update(change, by: actor, at: now)
    case .moderate:
      attempt.permission = .moderateRoom
      (change.notice, change.settings.muteAll) = (model.newName(), model.random.chance(2))
      return try model.room.update(change, by: actor, at: now)
    case .silence:
      (attempt.permission, attempt.isMatterOfRank) = (.moderateMembers, true)
      return try silence(model.random.pick(model.people), &model, actor)
    case .warn:
      attempt.permission = .operate
      return try model.room.warn("Stop", by: actor, at: now)
    case .close:
      attempt.permission = .operate
      return try model.room.close(forGood: model.random.chance(2), by: actor, at: now)
    default:
      attempt.permission = .endRoom
      return try model.room.end(by: actor, at: now)
    }
  }

  /// Mutes and bans, for short times mostly.
  private func silence(
    _ user: Person, _ model: inout RoomModel, _ actor: Person
  ) throws(SignalingError) -> [RoomAction] {
    let terms = SanctionTerms(seconds: model.random.chance(9) ? nil : 1 + model.random.below(20))
    switch model.random.below(6) {
    case 0, 1: return try model.room.mute(user, terms, by: actor, at: model.now)
    case 2: return try model.room.unmute(user.id, by: actor, at: model.now)
    case 3: return try model.room.ban(user, terms, by: actor, at: model.now)
    default: return try model.room.unban(user.id, by: actor, at: model.now)
    }
  }

  private func happen(_ model: inout RoomModel, _ attempt: inout Attempt) throws(SignalingError) -> [RoomAction] {
    let (actor, now) = (attempt.actor, model.now)
    switch self {
    case .link: return model.room.setLink(model.random.pick([nil, nil, nil, nil, nil, "l"]), at: now)
    case .enter, .leave, .watch, .unwatch: attend(&model, actor)
    case .chat:
      attempt.permission = .chat
      return try model.room.say(id: model.newName(), .text, "hello", by: actor, at: now)
    case .like:
      attempt.permission = .like
      return model.room.counted(try model.room.like(1 + model.random.below(20), by: actor, at: now), by: actor)
    case .give:
      attempt.permission = .sendGift
      let gift = Gift(id: "rose", zh: "玫瑰", en: "Rose", emoji: "🌹", price: model.random.pick([0, 0, 52]))
      let actions = try model.room.give(
        id: model.newName(), gift, count: 1 + model.random.below(9), by: actor, at: now)
      return model.room.counted(actions, by: actor)
    case .rename: return model.room.rename(model.rename(actor.id), at: now)
    default: return model.room.advance(to: now)
    }
    return []
  }

  /// Some watch without a name.
  private func attend(_ model: inout RoomModel, _ actor: Person) {
    let viewer = model.random.chance(3) ? "s\(model.random.below(3))" : actor.id
    switch self {
    case .enter:
      model.audience.enter(actor.id)
      model.room.joinAudience(actor, at: model.now)
    case .leave:
      model.audience.leave(actor.id)
      model.room.leaveAudience(actor.id, at: model.now)
    case .watch:
      model.audience.watch(viewer)
      model.room.startWatching(viewer, at: model.now)
    default:
      model.audience.unwatch(viewer)
      model.room.stopWatching(viewer, at: model.now)
    }
  }
}
